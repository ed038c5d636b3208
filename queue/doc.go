// Package queue is the transfer engine: it knows work, not protocols and not
// screens. Files live in an [FS], jobs in a [Queue], and every face (the two
// panes, the command line) drives it through the [Engine] interface.
//
// Ownership: the Queue owns every session that its [Dialer] opened and every
// worker that it started; Close ends and awaits them all. A stream that an FS
// returned belongs to the caller, who must Close it (or Abort, for a [Sink]);
// Close gives the final verdict. Methods that take a context may block on the
// network or the disk; Add, Pause, Resume, Cancel, Retry, Move, Answer, Rows,
// Row, Updates, Totals, Log and Changed never do.
package queue
