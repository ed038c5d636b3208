package queue

import "time"

// Options say how a [Queue] works.
type Options struct {
	Local  FS     // the local disk
	Remote Dialer // opens sessions at every other address; nil: local only
	Log    *Log   // the connection log; nil: none

	// Connections is the number of sessions at one server at a time; 0: as many
	// as serve best, up to 8, and as the server allows.
	Connections int
	// Segments is the number of streams that a big download may come by; 0: as
	// many as make it faster, up to 8. A big upload goes by so many where a number
	// is given and the server lets several write one file, else by one.
	Segments int
	// Verify is how copies are verified whose Spec does not say; "": VerifyAuto.
	Verify Verify
	// Permissions copies the permission bits of files from and to servers.
	// Between local disks they are always copied.
	Permissions bool
	// Interactive leaves one of the sessions to browsing, where there are
	// several, so that a pane never waits for a transfer to end.
	Interactive bool
	// Retries is the number of attempts in a row without progress; 0: 10.
	Retries int
	// Backoff is the wait after the nth attempt failed (from 1); nil: 1 s,
	// growing by 1.6 to 120 s, give or take a fifth.
	Backoff func(attempt int) time.Duration
	// Limits are the bytes a second to begin with.
	Limits Limits
}
