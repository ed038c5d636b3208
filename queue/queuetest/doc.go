// Package queuetest is a file system in memory for tests of the queue, with
// faults and gates, and the behaviour that every queue.FS must show.
//
// A [Disk] is the tree; every session ([FS]) that a [Dialer] opens on it is
// the caller's to close. A call blocks only at a [Gate], until the gate opens
// or its context ends, and for [Disk.Delay].
package queuetest
