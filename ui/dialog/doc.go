// Package dialog holds what the program asks a person: the questions and
// prompts of the message row, and the boxes over the panes.
//
// Each is plain state of the one goroutine that draws the screen; it does no
// I/O, reads no clock and never blocks. What was answered is read by the
// caller. Everything drawn passes text.Safe, so text from a server may be
// handed in as it is.
package dialog
