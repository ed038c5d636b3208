package ftp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"
)

// transfer is one running data transfer: from its command to its final reply
// the session belongs to it.
type transfer struct {
	c           *Conn
	verb        string
	arg         string
	w           *watch       // of the context that it was started with
	raw         net.Conn     // the data connection, below TLS; nil when none was opened
	conn        net.Conn     // what carries the data: raw or a *tls.Conn
	tail        *tail        // between conn and raw, over TLS
	packed      *packer      // the data is compressed; nil when it is not
	translation *translation // the line ends change; nil when they do not
	resumed     bool         // conn resumed the session of the control connection
	begun       bool         // a 1yz reply came
	text        string       // of that reply
	final       *reply       // when it came before its time
	paired      bool         // PORT or EPRT went out with the command
	booking     method       // sent behind the command for the next transfer, and not answered yet
	landing     *Landing     // what follows an upload, where that is known
	dated       bool         // MDTM went out in front of its command
	date        time.Time    // that the server told then
	early       bool         // its bytes go out before the server's word
	foresight   *foresight   // what was asked behind that, and is not answered yet
	pulse       pulse
	n           int64 // bytes moved
	few         int64 // of them, since there were enough last; see crawls
	waited      time.Duration
	ended       bool
}

// start begins a transfer: TYPE, a data connection, REST, the command, and the
// TLS handshake once the server has agreed (before, servers wait for ever).
func (c *Conn) start(ctx context.Context, verb, arg string, offset int64) (*transfer, error) {
	landing := c.landing
	c.landing, c.foresight = nil, nil
	if err := c.dismiss(ctx, c.takeFollower()); err != nil {
		return nil, err
	}
	if err := c.chooseType(ctx, verb); err != nil {
		return nil, err
	}
	if err := c.primePulse(ctx); err != nil {
		return nil, err
	}
	if err := c.chooseMode(ctx, verb, arg, offset); err != nil {
		return nil, err
	}
	c.upcoming, c.placing = command{verb, arg}, nil
	if offset > 0 {
		c.placing = &placing{offset: offset}
	}
	ch, err := c.prepare(ctx)
	if err != nil {
		return nil, err
	}
	if offset > 0 || c.restPending {
		err = c.say(ctx, ch) // REST stands right before its command
	}
	if told, ok := c.placed(ch); ok {
		err = told
	} else if err == nil {
		err = c.restart(ctx, offset)
	}
	if err != nil {
		c.park(ch.conn)
		ch.conn = nil
		ch.close()
		return nil, err
	}
	t := &transfer{c: c, verb: verb, arg: arg, landing: landing, w: newWatch(ctx, c.wire)}
	return t.started(ch, offset > 0, t.begin(ctx, ch, offset > 0 || c.restPending))
}

// started returns the transfer, or frees what it had if err says that it could
// not begin.
func (t *transfer) started(ch *channel, rest bool, err error) (*transfer, error) {
	c := t.c
	if err == nil {
		if t.begun {
			c.guard(nil)
		}
		t.pulse = c.newPulse()
		c.works(ch)
		c.restPending = false
		if c.packs {
			t.packed = &packer{t: t}
		}
		t.translate()
		return t, nil
	}
	c.stopActive(ch, err)
	c.restPending = rest
	if !t.begun && !fatal(err) {
		c.park(ch.conn)
		ch.conn = nil
	}
	ch.close()
	t.end()
	return nil, err
}

// restart says where the next transfer begins.
func (c *Conn) restart(ctx context.Context, offset int64) error {
	switch {
	case offset > 0:
		_, err := c.cmd(ctx, "REST", strconv.FormatInt(offset, 10), 3)
		return err
	case c.restPending:
		if _, err := c.cmd(ctx, "REST", "0", 3); fatal(err) {
			return err
		}
	}
	return nil
}

// begin sends the command and waits for the server's word and for the data
// connection, in whatever order they come. rest says that REST stands before
// it: a server that refuses the command may keep the offset for the next one.
func (t *transfer) begin(ctx context.Context, ch *channel, rest bool) error {
	c := t.c
	cmds := []command{{t.verb, t.arg}}
	if ch.unsaid != "" {
		cmds, t.paired = []command{{ch.how.String(), ch.unsaid}, cmds[0]}, true
	}
	c.small = c.small || t.verb == "MLSD" || t.verb == "LIST" || // most are, and something follows soon
		t.landing != nil && t.landing.Size >= 0
	c.small = c.small && (t.landing == nil || t.landing.Size < bookBelow)
	if t.booking = c.books(ch.how); t.booking != noMethod {
		cmds = append(cmds, command{verb: t.booking.String()})
		cmds = append(cmds, t.foresee(cmds[0].size()+cmds[1].size())...)
		t.early = t.goesEarly(ch)
	}
	if t.verb == "RETR" && !rest {
		date := c.dates(t.verb, t.arg)
		t.dated, cmds = date != nil, append(date, cmds...)
		cmds = append(cmds, c.follower(ctx, ch.how, true)...)
	} else {
		c.Announce("") // it was meant for this one
	}
	if err := c.send(t.w, cmds...); err != nil {
		return err
	}
	return t.proceed(ctx, ch)
}

// proceed waits for what was asked for.
func (t *transfer) proceed(ctx context.Context, ch *channel) error {
	c := t.c
	if ch.ln != nil {
		t.w.add(ch.ln)
	}
	if err := t.hearDate(); err != nil {
		return err
	}
	if err := t.hearPair(ch); err != nil {
		return err
	}
	if err := t.await(ch); err != nil || ch.conn == nil {
		ch.stop()
		return ch.turnedAway(err)
	}
	t.raw = ch.conn
	c.setData(t.raw)
	switch {
	case c.tlsData == nil:
		t.conn = t.raw
		t.w.add(t.raw)
		return nil
	case t.final != nil: // over before a handshake: there is no data
		return nil
	}
	return t.secure(ctx)
}

// secure runs the handshake on the data connection.
func (t *transfer) secure(ctx context.Context) error {
	if t.c.ahead == nil {
		t.c.ahead = bufio.NewReaderSize(nil, bufferSize/4)
	}
	t.c.ahead.Reset(t.raw)
	t.tail = &tail{Conn: t.raw, br: t.c.ahead}
	conn := tls.Client(t.tail, t.c.tlsData)
	if err := t.c.handshake(ctx, conn); err != nil {
		if ctx.Err() != nil {
			return t.c.fail(context.Cause(ctx))
		}
		err = fmt.Errorf("the data connection: %w", err)
		if errors.Is(err, errOtherCert) {
			return t.c.fail(err)
		}
		return t.explain(err)
	}
	ackAtOnce(t.raw)
	t.conn, t.resumed = conn, conn.ConnectionState().DidResume
	if t.resumed {
		t.c.resumes = true
		t.c.know.countReuse(true)
	}
	t.w.add(conn)
	return nil
}

// await returns when the server has answered the command and the data
// connection is there, or when one of them cannot be any more.
func (t *transfer) await(ch *channel) error {
	c := t.c
	limits, began := &c.cfg.Timeouts, time.Now()
	for {
		passed := time.Since(began)
		switch {
		case t.answered() && ch.conn != nil, t.early, t.final != nil && passed > time.Second:
			return nil
		case ch.conn == nil && t.final == nil && passed > limits.Accept:
			return c.fail(c.neverCame(ch))
		case !t.answered() && passed > limits.Reply:
			if t.paired {
				c.know.learn(loseCommands)
			}
			return c.lost(t.w, t.verb, limits.Reply, os.ErrDeadlineExceeded)
		case passed > noStartPeek && t.flows(ch):
			return nil
		}
		if err := t.step(ch); err != nil {
			return err
		}
	}
}

// step waits a moment for what is missing.
func (t *transfer) step(ch *channel) error {
	forConn, forReply := time.Millisecond, sliceTime
	if t.answered() {
		forConn, forReply = sliceTime, time.Millisecond
	}
	if ch.conn == nil {
		err := t.c.accept(t.w, ch, time.Now().Add(forConn))
		if err == nil {
			return nil
		}
		if !isTimeout(err) || t.w.err() != nil {
			return t.c.lost(t.w, t.verb, forConn, err)
		}
	}
	return t.hear(forReply)
}

// answered reports whether the server has answered the command.
func (t *transfer) answered() bool { return t.begun || t.final != nil }

// flows reports whether the server sends data without having said so.
func (t *transfer) flows(ch *channel) bool {
	return !t.answered() && ch.conn != nil && t.c.tlsData == nil &&
		!t.up() && !quiet(ch.conn)
}

// hear reads a reply if one comes within wait.
func (t *transfer) hear(wait time.Duration) error {
	c := t.c
	err := t.w.read(c.wire, time.Now().Add(wait))
	if err == nil {
		_, err = c.br.Peek(1)
	}
	if err != nil {
		if isTimeout(err) && t.w.err() == nil {
			return nil
		}
		return c.lost(t.w, t.verb, wait, err)
	}
	r, err := c.receive(t.w, t.verb, c.cfg.Timeouts.Reply)
	if err != nil {
		return err
	}
	switch r.class() {
	case 1:
		t.begun, t.text = true, r.lines[len(r.lines)-1]
	case 2:
		t.final = &r
	default:
		t.final = &r
		if err := t.book(); err != nil {
			return err
		}
		return t.refuse(r)
	}
	return nil
}

// read reads data until limit.
func (t *transfer) read(p []byte, limit time.Time) (int, error) {
	if t.translation != nil && !t.up() {
		return t.translation.read(p, func(p []byte) (int, error) { return t.readData(p, limit) })
	}
	return t.readData(p, limit)
}

// readData is read before the line ends change.
func (t *transfer) readData(p []byte, limit time.Time) (int, error) {
	if t.conn == nil {
		return 0, io.EOF
	}
	if t.packed != nil && !t.up() {
		n, err := t.packed.read(p)
		t.n += int64(n)
		return n, err
	}
	return t.readWire(p, limit)
}

// readWire reads the data connection as it is until limit.
func (t *transfer) readWire(p []byte, limit time.Time) (int, error) {
	if t.crawls() {
		return 0, os.ErrDeadlineExceeded
	}
	for {
		t.beat()
		until := t.pulse.before(limit)
		if err := t.w.read(t.conn, until); err != nil {
			return 0, err
		}
		began := time.Now()
		n, err := t.conn.Read(p)
		t.count(int64(n), began)
		if n > 0 || !isTimeout(err) || !until.Before(limit) || t.w.err() != nil {
			return n, err
		}
	}
}

// up reports whether the data goes to the server.
func (t *transfer) up() bool { return t.verb == "STOR" || t.verb == "APPE" }

// stall returns when data that begins to wait now has waited too long.
func (t *transfer) stall() time.Time { return time.Now().Add(t.c.cfg.Timeouts.Stall) }

// goodbye says over TLS that we are done with the data connection.
func (t *transfer) goodbye() error {
	conn, ok := t.conn.(*tls.Conn)
	if !ok {
		return nil
	}
	if err := t.w.write(conn, time.Now().Add(afterError)); err != nil {
		return err
	}
	return conn.CloseWrite()
}

// closeData closes the data connection as it is.
func (t *transfer) closeData() {
	if t.raw != nil {
		_ = t.raw.Close()
	}
}

// end gives the session back.
func (t *transfer) end() {
	if t.ended {
		return
	}
	t.ended = true
	t.c.small = t.n < bookBelow
	t.closeData()
	t.c.setData(nil)
	t.w.end()
}

// tail reads ahead below TLS, so that many records cost one system call, and
// notes whether the transport ended: if it did before TLS said goodbye, the end
// of the data proves nothing.
type tail struct {
	net.Conn
	br  *bufio.Reader
	eof bool
}

// Read implements net.Conn.
func (t *tail) Read(p []byte) (int, error) {
	n, err := t.br.Read(p)
	if err == io.EOF {
		t.eof = true
	}
	return n, err
}
