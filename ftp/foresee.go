package ftp

import (
	"context"
	"net"
	"slices"
	"strconv"
	"time"
)

// A small file takes longer to be named than to be sent: SIZE, its time, a look
// at the name in use, and the rename, each behind the verdict. Servers that keep
// what comes in one packet with STOR (see ahead.go) are asked all but the rename
// there, behind EPSV: the answers follow the verdict at once, and only the
// rename is left, for which all of them must be good. While that is on its way
// the next data connection is opened, and since it is there before the next
// STOR is, the bytes of a file that is to be new go out with STOR.

// earlyBytes is how big a file may be whose bytes go out before the server
// agreed to take it: as many fit into the buffers of a connection on which
// nobody reads.
const earlyBytes = 32 << 10

// nearby is how long a connection takes at most to a server so near that two
// of its round trips at once gain nothing.
const nearby = 2 * time.Millisecond

// foresight is what was asked about an upload behind its STOR.
type foresight struct {
	cmds    []command
	replies []reply
}

// Put is Stor of a whole new file, whose Land(ctx, l) follows the Close: what
// can be, is asked ahead. Of l.Sum only the algorithm has to be known yet.
func (c *Conn) Put(ctx context.Context, l Landing) (*Upload, error) {
	if c.cfg.Text { // sizes would be asked of text there
		return c.Stor(ctx, l.Path, 0)
	}
	t, err := c.streamFor(ctx, "STOR", l.Path, 0, wish{landing: &l})
	if err != nil {
		return nil, pathError("create", l.Path, err)
	}
	return newUpload(t, l.Path, 0), nil
}

// foresee returns what goes out behind an upload and the EPSV behind it: what
// Land is going to ask. bytes is what goes out before.
func (t *transfer) foresee(bytes int) []command {
	l := t.landing
	if l == nil || t.booking == noMethod || t.verb != "STOR" || t.arg != l.Path {
		return nil
	}
	var cmds []command
	for _, q := range t.c.questions(*l) {
		if bytes += q.size(); long(q.arg) || bytes > maxUnanswered {
			return nil
		}
		cmds = append(cmds, q.command)
	}
	if len(cmds) > 0 {
		t.foresight = &foresight{cmds: cmds}
	}
	return cmds
}

// hearForesight reads the answers to what went out behind EPSV.
func (t *transfer) hearForesight() error {
	f, c := t.foresight, t.c
	if f == nil {
		return nil
	}
	t.foresight = nil
	for _, cmd := range f.cmds {
		r, err := c.receive(t.w, cmd.verb, c.cfg.Timeouts.Reply)
		switch {
		case err != nil:
			c.know.learn(forgetAhead)
			return err
		case r.class() == 1, isPassive(r.code):
			return t.misbooked(r)
		case r.code == 421:
			return c.judge(cmd.verb, r)
		}
		f.replies = append(f.replies, r)
	}
	c.foresight = f
	return nil
}

// foretold returns the answers to cmds, if they came behind the upload.
func (c *Conn) foretold(cmds []command) []reply {
	f := c.foresight
	c.foresight = nil
	if f == nil || !slices.Equal(f.cmds, cmds) {
		return nil
	}
	return f.replies
}

// dialAhead begins to open the data connection that was agreed upon behind the
// last transfer or with the login, and returns what waits for it, though not for
// long: without it, the next transfer opens it.
func (c *Conn) dialAhead(ctx context.Context) (wait func()) {
	b := c.booked
	if b == nil {
		b = c.greeted
	}
	if b == nil || b.conn != nil || c.isNear() {
		return func() {}
	}
	limited, cancel := context.WithTimeout(ctx, c.cfg.Timeouts.DataDial)
	dialled := make(chan net.Conn, 1)
	// Ends with the dial, which cancel breaks off; awaited by wait.
	go func() {
		conn, err := c.dialData(limited, b.addr)
		if err != nil {
			conn = nil
		}
		dialled <- conn
	}()
	return func() {
		defer cancel()
		late := time.AfterFunc(sliceTime, cancel)
		defer late.Stop()
		if conn := <-dialled; conn != nil {
			c.note("passive %s", net.JoinHostPort(c.dataHost(b.addr.Addr()), strconv.Itoa(int(b.addr.Port()))))
			b.conn = conn
			c.park(conn)
		}
	}
}

// goesEarly reports whether the bytes of the upload may go out before the
// server's word. They are lost if that is a refusal, and so is the data
// connection; the next one was agreed upon behind it, so nothing of them can end
// up in another file.
func (t *transfer) goesEarly(ch *channel) bool {
	l := t.landing
	return l != nil && t.booking != noMethod && ch.conn != nil && t.c.tlsData == nil && !t.c.packs &&
		t.verb == "STOR" && l.moves() && !l.Replace && l.Size >= 0 && l.Size <= earlyBytes
}

// hearStart reads the server's word on an upload whose bytes went out before it.
func (t *transfer) hearStart() error {
	if !t.early || t.answered() {
		return nil
	}
	r, err := t.receive(t.c.cfg.Timeouts.Reply)
	switch {
	case err != nil:
		return err
	case r.class() == 1:
		t.begun, t.text = true, r.lines[len(r.lines)-1]
	default:
		t.final = &r
	}
	return nil
}
