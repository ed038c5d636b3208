// Package ui is the two panes: the one tea.Model, and what it asks of the
// queue's Engine.
//
// The Model belongs to the goroutine of the Bubble Tea program and is the only
// one that changes the screen's state: cursor, marks, filter, dialogs, focus.
// It speaks to the world through queue.Engine alone. Update never blocks: what
// may block (listing, connecting, making a directory) runs in a tea.Cmd that
// captured its values and a context that ends with Run. Run blocks until the
// user quits, the context ends or the terminal goes away; the Engine belongs
// to the caller, who closes it afterwards.
package ui
