package ftp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Conn is one session at a server. Its methods may be called from any
// goroutine; they take turns.
type Conn struct {
	cfg   Config
	know  *Memory       // of the server
	token chan struct{} // holds a value while an operation runs

	// Set by Dial, constant afterwards.
	peer     netip.AddrPort // of the control connection
	local    netip.AddrPort
	home     string
	features Features
	names    *charset // of the server; nil takes names as they are

	// Guarded by the token.
	raw     net.Conn // the control connection, below TLS
	wire    net.Conn // the control connection: raw or *tls.Conn
	br      *bufio.Reader
	out     []byte // the command line being built
	guarded bool   // the kernel takes back what is not answered
	secured
	standing
	lacking
	pacing
	buf     []byte        // copy buffer, made when needed
	textBuf []byte        // for text on its way to the server, made when needed
	ahead   *bufio.Reader // below TLS on data connections, made when needed

	via atomic.Uint32 // the method that worked
	far distance

	mu        sync.Mutex // guards the fields below
	broken    *brokenError
	data      net.Conn  // of the running transfer, below TLS
	announced string    // the download that is likely to come next
	following *follower // the download that was asked for behind the running transfer
	parked    net.Conn  // of a transfer that was refused
}

// standing is where the server stands.
type standing struct {
	kind        string           // the TYPE that was sent, "" none yet
	accounted   bool             // ACCT was sent
	packs       bool             // MODE Z is on
	cwd         string           // the directory the server is in, "" when unknown
	restPending bool             // it may still hold an offset
	hashes      string           // the algorithm that HASH uses, "" when unknown
	hashEnds    map[string]int64 // by command: whether the end of a part belongs to it
}

// lacking is what the server was found not to have, or to do in a way of its
// own, and what of that the log has told.
type lacking struct {
	absent   map[string]bool  // verbs
	refused  map[method]error // ways to a data connection, and what it said
	sizeless bool             // SIZE was refused for a file that is there
	timeless bool             // no time could be set
	saidPASV bool             // that PASV names another address was noted
	foreign  bool             // it was said that names are not UTF-8
	byStat   bool             // it was said that directories are listed by STAT
}

// errClosed is why a Conn that was closed in order is over.
var errClosed = errors.New("it was closed")

// newConn returns a session on an open connection, before the greeting.
func newConn(cfg Config, raw net.Conn) *Conn {
	return &Conn{
		cfg:      cfg,
		know:     cfg.Memory,
		token:    make(chan struct{}, 1),
		peer:     addrPort(raw.RemoteAddr()),
		local:    addrPort(raw.LocalAddr()),
		raw:      raw,
		wire:     raw,
		br:       bufio.NewReader(raw),
		lacking:  lacking{absent: make(map[string]bool), refused: make(map[method]error)},
		standing: standing{hashEnds: make(map[string]int64)},
		pacing:   pacing{small: true}, // what comes first, most often
	}
}

// addrPort returns a TCP address in the form that the package uses.
func addrPort(a net.Addr) netip.AddrPort {
	if tcp, ok := a.(*net.TCPAddr); ok {
		ap := tcp.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	return netip.AddrPort{}
}

// Home returns the directory that the session began in, or "/" when the
// server did not name one.
func (c *Conn) Home() string { return c.home }

// Features returns what the server says it can do: hints, not promises.
func (c *Conn) Features() Features { return c.features }

// Working returns the mode that transfers were found to work in: Auto before
// the first one.
func (c *Conn) Working() Mode { return method(c.via.Load()).mode() }

// TLS returns the state of the control connection, if it is secure.
func (c *Conn) TLS() (tls.ConnectionState, bool) {
	if c.tlsBase == nil {
		return tls.ConnectionState{}, false
	}
	return c.wire.(*tls.Conn).ConnectionState(), true
}

// Alive reports whether the session can serve another operation, as far as
// can be told without asking the server. A server that said something on its
// own, or hung up, has ended it, and so have TLS tickets that are too old for
// data connections.
func (c *Conn) Alive() bool {
	select {
	case c.token <- struct{}{}:
		defer c.release()
		return c.check() == nil && (c.tlsData == nil || !c.tickets.stale())
	default:
		return c.over() == nil // somebody is using it
	}
}

// Close ends the session, politely when it is idle. An operation that still
// runs is interrupted.
func (c *Conn) Close() error {
	select {
	case c.token <- struct{}{}:
		defer c.release()
		if c.over() == nil && !c.follows() {
			c.quit()
		}
	default:
	}
	_ = c.fail(errClosed) // for later calls; ours is good
	return nil
}

// quit says goodbye and waits a moment for the answer; none is no error. From
// far away it does not wait: whoever connects next is on his way for longer than
// the server takes to let go.
func (c *Conn) quit() {
	ctx, cancel := context.WithTimeout(context.Background(), quitTime)
	defer cancel()
	w := newWatch(ctx, c.wire)
	defer w.end()
	if c.send(w, command{verb: "QUIT"}) == nil && c.Trip() < farGoodbye {
		_, _ = c.receive(w, "QUIT", quitTime)
	}
}

// acquire waits for the token, and for a session that is still good. What was
// asked for ahead is dismissed.
func (c *Conn) acquire(ctx context.Context) error {
	err := c.take(ctx)
	if err != nil {
		return err
	}
	if err = c.dismiss(ctx, c.takeFollower()); err != nil {
		c.release()
	}
	return err
}

// take is acquire that leaves what was asked for ahead.
func (c *Conn) take(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case c.token <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	err := c.check()
	if err != nil {
		c.release()
	}
	return err
}

func (c *Conn) release() {
	c.guard(nil) // all was answered
	<-c.token
}

// over returns the error for calls on a session that ended, or nil.
func (c *Conn) over() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken == nil {
		return nil
	}
	return c.broken.later()
}

// check returns an error when the session is over, or when the idle control
// connection holds something that nobody asked for.
func (c *Conn) check() error {
	if err := c.over(); err != nil || c.follows() {
		return err
	}
	if c.br.Buffered() == 0 && quiet(c.raw) {
		return nil
	}
	// Over TLS what waits may be session tickets: only reading tells.
	_ = c.wire.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := c.br.Peek(1)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case err != nil:
		return c.fail(errors.New("the server closed the idle connection"))
	}
	_ = c.wire.SetReadDeadline(time.Now().Add(time.Second))
	r, err := readReply(c.br)
	if err != nil {
		return c.fail(err)
	}
	c.traceReply(r)
	if r.code == 421 {
		return c.fail(c.refusal("", r))
	}
	return c.fail(&ProtocolError{Text: "the server sent a reply that nobody asked for", Seen: c.mask(r.lines[0])})
}

// fail breaks the session: it closes what is open and returns cause as an
// error that also matches ErrBroken.
func (c *Conn) fail(cause error) error {
	var already *brokenError
	if !errors.As(cause, &already) {
		already = &brokenError{cause: cause}
	}
	c.mu.Lock()
	first := c.broken == nil
	if first {
		c.broken = already
	}
	data, following := c.data, c.following
	c.following = nil
	c.mu.Unlock()
	if following != nil {
		following.ch.close()
	}
	if first {
		_ = c.raw.Close()
		if data != nil {
			_ = data.Close()
		}
		c.park(nil)
		if cause == errClosed {
			c.note("connection closed")
		} else {
			c.note("connection lost: %s", c.mask(cause.Error()))
		}
	}
	if errors.Is(cause, ErrBroken) {
		return cause
	}
	return already
}

// setData names the data connection that fail has to close, or none.
func (c *Conn) setData(conn net.Conn) {
	c.mu.Lock()
	c.data = conn
	over := c.broken != nil
	c.mu.Unlock()
	if over && conn != nil {
		_ = conn.Close()
	}
}

// park keeps the data connection of a transfer that was refused, until the next
// one is agreed upon or the session ends, and closes the one kept before. To
// close it at once makes pyftpdlib send a second, late reply.
func (c *Conn) park(conn net.Conn) {
	c.mu.Lock()
	before := c.parked
	c.parked = conn
	if c.broken != nil {
		c.parked = nil
	}
	kept := c.parked
	c.mu.Unlock()
	if before != nil {
		_ = before.Close()
	}
	if conn != nil && kept == nil {
		_ = conn.Close()
	}
}

// unpark takes the data connection that park was given last, and reports
// whether it was still kept.
func (c *Conn) unpark(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.parked != conn {
		return false
	}
	c.parked = nil
	return true
}
