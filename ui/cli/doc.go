// Package cli is the command line: get, put, ls, and the start of the two
// panes. It composes the engine (the local disk, the FTP dialer, the queue)
// and drives it through [queue.Engine] alone.
//
// [Main] owns everything that it starts and has ended it all when it returns:
// the engine with its sessions and workers, the demo's server, the file of
// --log. Only a read from the terminal that nobody answered may stay behind;
// it ends with the process. Main blocks until the command is done or ctx ends.
// It never ends the process itself; its result is the exit status.
//
// Text from servers reaches the terminal through ui/text only.
package cli
