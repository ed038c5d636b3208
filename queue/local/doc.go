// Package local is the local disk as a [queue.FS].
//
// One FS serves any number of operations at once. Streams belong to the
// caller, who closes or aborts them. [FS.Under] confines an FS to one
// directory by os.Root: whatever links or names say, nothing outside is
// touched; who asked for it closes it. Calls block on the disk only, and
// nothing that could block for ever (a pipe, a device) is ever opened.
package local
