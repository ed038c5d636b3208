package ftp

import "time"

// Limits on what a server may send.
const (
	maxLine        = 8 << 10   // bytes kept of a line of a reply
	maxReplyLines  = 1000      // lines kept of a reply
	maxReplyBytes  = 256 << 10 // bytes kept of a reply
	maxReplyTotal  = 2 << 20   // bytes of a reply, kept or not
	maxPreliminary = 16        // 1yz replies to one command
	maxFeatures    = 200       // features
	maxCommand     = 16 << 10  // bytes of a command of ours
	maxHeld        = 1000      // rows that wait for the zone of a listing
	maxZoneTries   = 2         // MDTM to learn it
	maxStatRows    = 100_000   // rows of a listing over the control connection
	maxStatBytes   = 16 << 20  // bytes of one
	longPath       = 500       // bytes of a path that is sent as it is
	stepPath       = 400       // bytes of each step to a longer one, unless a name is longer
	maxUnanswered  = 1500      // bytes of commands that wait for replies
	provingBurst   = 8         // commands at once that show that a server bears it
	maxAddresses   = 16        // addresses of one host
	maxNoops       = 200       // NOOPs in one transfer
	maxHandshakes  = 4         // full TLS handshakes with a server at once
)

// maxZone is more than any zone is from UTC.
const maxZone = 26 * time.Hour

// Sizes and intervals of ours.
const (
	bufferSize    = 256 << 10              // of the copy buffer, one for each session
	writeChunk    = 64 << 10               // written under one stall limit
	withinChunk   = 32 << 10               // sent at once to a server on this machine
	farGoodbye    = 20 * time.Millisecond  // an answer to a goodbye that takes longer is not waited for
	sliceTime     = 250 * time.Millisecond // between two counts of a copy in the kernel
	ticketPoll    = 64 << 20               // bytes uploaded over TLS between two looks at what the server sent
	noStartPeek   = 5 * time.Second        // without a 1yz reply: look whether data flows all the same
	unprovenTime  = 15 * time.Second       // for each reply to several commands at once, until a server has borne it
	abortTime     = 3 * time.Second        // for all answers to ABOR
	statTime      = 5 * time.Minute        // for which listings do without a data connection that could not be had
	quitTime      = 2 * time.Second        // for the answer to QUIT
	shortDrain    = time.Second            // for the goodbye of a server that never said it before
	afterError    = 5 * time.Second        // for the reply that explains a failed data connection
	crawlBytes    = 1 << 10                // data that has to move in Timeouts.Crawl
	keepAlive     = 30 * time.Second       // between TCP keep-alive probes on both kinds of connection
	headStart     = 250 * time.Millisecond // of one address of a host on the next
	noopWait      = 2 * time.Second        // for the answers to NOOP that are owed when a transfer is over
	portWait      = 5 * time.Second        // for a port of active mode's range to be free
	portRetry     = 50 * time.Millisecond  // between two tries
	alertTime     = 100 * time.Millisecond // for the alert that explains a failed control connection
	maskableBytes = 4                      // a password shorter than this is not looked for in replies
)

// What a server may take to compute a checksum.
const (
	hashRate  = 10 << 20 // bytes a second
	maxHashed = 10 << 30 // bytes of a file whose size is not known
)

// Defaults of [Timeouts].
const (
	dialTimeout         = 15 * time.Second
	greetingTimeout     = 60 * time.Second
	handshakeTimeout    = 15 * time.Second
	replyTimeout        = 60 * time.Second
	firstDialTimeout    = 5 * time.Second
	dataDialTimeout     = 10 * time.Second
	acceptTimeout       = 15 * time.Second
	stallTimeout        = 60 * time.Second
	crawlTimeout        = 5 * time.Minute
	finishTimeout       = 60 * time.Second
	uploadFinishTimeout = 10 * time.Minute
	drainTimeout        = 10 * time.Second
)

// withDefaults returns the timeouts with every zero replaced.
func (t Timeouts) withDefaults() Timeouts {
	for _, f := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&t.Dial, dialTimeout},
		{&t.Greeting, greetingTimeout},
		{&t.Handshake, handshakeTimeout},
		{&t.Reply, replyTimeout},
		{&t.FirstDial, firstDialTimeout},
		{&t.DataDial, dataDialTimeout},
		{&t.Accept, acceptTimeout},
		{&t.Stall, stallTimeout},
		{&t.Crawl, crawlTimeout},
		{&t.Finish, finishTimeout},
		{&t.UploadFinish, uploadFinishTimeout},
		{&t.Drain, drainTimeout},
	} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
	t.FirstDial = min(t.FirstDial, t.DataDial)
	return t
}
