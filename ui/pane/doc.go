// Package pane is one of the two lists of files: rows, order, cursor, marks,
// filter, and how they are drawn.
//
// A Pane is plain state. It owns the rows that it was given and nothing else;
// it does no I/O, reads no clock, starts no goroutine and never blocks. It
// belongs to one goroutine. Names are kept as the file system gave them and
// made safe when they are drawn, a window at a time, so that a directory of
// 100,000 files costs what the screen shows.
package pane
