package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"portside/ftp/listing"
)

// Where no data connection can be had, no file can be moved; but a directory
// can still be looked at, and files renamed and deleted: STAT with a name lists
// over the control connection.

// noWay returns what err says of there being no way to a data connection: we
// found none, or the server could not open one. Nil: it says nothing of it.
func noWay(err error) error {
	var at *ConnectError
	var refusal *ReplyError
	switch {
	case errors.As(err, &at) && at.Stage == "data":
		return at
	case errors.As(err, &refusal) && refusal.Code == 425 && !errors.Is(err, ErrBroken):
		return err // with the advice around it
	}
	return nil
}

// overControl lists by STAT, since there is no data connection. It returns why
// where STAT does not list.
func (l *lister) overControl(ctx context.Context, why error) error {
	c := l.c
	if err := c.mustEnter(ctx, l.dir); err != nil {
		return err
	}
	if err := c.learnSystem(ctx); err != nil {
		return err
	}
	l.clock = c.newClock(l.dir, l.yield)
	for _, arg := range []string{"-a .", "."} { // hidden names too, where it takes the option
		hint := hintOf(c.know.Profile().System)
		if c.absent["STAT"] || arg != "." && (c.absent["STAT -a"] || !takesOptions(hint)) {
			continue
		}
		listed, err := l.stat(ctx, arg, hint)
		if c.over() != nil {
			_ = l.clock.finish(ctx) // hands on what was held back
			return err
		}
		if err != nil || !listed && arg != "." {
			c.absent["STAT -a"] = c.absent["STAT -a"] || err != nil && arg != "."
			continue
		}
		if !c.byStat {
			c.note("no data connection can be had: directories are listed by STAT, over the control connection (%v)", why)
		}
		c.byStat = true
		if c.know.dataMissing() == nil {
			c.know.missData(why)
		}
		return l.clock.finish(ctx)
	}
	return why
}

// missData keeps why there is no way to a data connection, so that listings of
// all sessions go over the control connection for a while. Nil forgets it.
func (m *Memory) missData(why error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.noData, m.noDataUntil = why, time.Now().Add(statTime)
}

// dataMissing returns what missData kept, while it holds.
func (m *Memory) dataMissing() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.noData == nil || time.Now().After(m.noDataUntil) {
		return nil
	}
	return m.noData
}

// findData keeps that a transfer began: there is a way.
func (m *Memory) findData() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.noData, m.dataAt = nil, time.Now()
}

// dataFound reports whether there was a way a while ago. What keeps a listing
// from it is a trouble of the moment then, and another attempt worth more than
// the times and names that STAT tells.
func (m *Memory) dataFound() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.dataAt.IsZero() && time.Since(m.dataAt) < statTime
}

// errNoListing says that STAT told other things.
var errNoListing = errors.New("STAT does not list")

// stat lists by one STAT, and reports whether there was any row.
func (l *lister) stat(ctx context.Context, arg string, hint listing.Dialect) (some bool, err error) {
	c := l.c
	w := newWatch(ctx, c.wire)
	defer w.end()
	if err := c.send(w, command{"STAT", arg}); err != nil {
		return false, err
	}
	in := &statReader{c: c, w: w, lines: replyReader{br: c.br, limit: maxStatBytes}}
	if err := in.begin(); err != nil {
		return false, err
	}
	var bad []listing.Entry // until an entry shows that this is a listing
	stopped := false
	for e, readErr := range listing.Read(in, listing.Options{Now: l.clock.now(), Hint: hint}) {
		switch {
		case readErr != nil:
			return l.rows > 0, readErr
		case e.Name == "" && l.rows == 0 && len(bad) < maxReplyLines:
			bad = append(bad, e)
			continue
		}
		for _, b := range append(bad, e) {
			stopped = stopped || !l.take(b)
		}
		if bad = nil; stopped {
			break
		}
	}
	if err := in.skip(); err != nil {
		return l.rows > 0, err
	}
	c.noteForeign(l.foreign)
	if len(bad) > 0 && l.rows == 0 {
		return true, errNoListing
	}
	return in.rows > 0, nil
}

// statReader gives the lines of a reply, but for the first and the last, as
// the rows of a listing.
type statReader struct {
	c     *Conn
	w     *watch
	lines replyReader
	head  reply
	rows  int
	rest  []byte // of the row that is being read
	ended bool
	err   error // what broke the session
}

// begin reads the first line. A reply of one line is no listing, or an empty
// one.
func (r *statReader) begin() error {
	if err := r.wait(); err != nil {
		return err
	}
	head, more, err := r.lines.first()
	if err == nil && more && head.class() != 2 {
		err = r.lines.rest(&head)
	}
	if err != nil {
		return r.lost(err)
	}
	r.head, r.ended = head, !more || head.class() != 2
	r.c.traceReply(head)
	return r.c.judge("STAT", head, 2)
}

// Read implements io.Reader.
func (r *statReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// next reads one line.
func (r *statReader) next() error {
	switch {
	case r.err != nil:
		return r.err
	case r.ended:
		return io.EOF
	}
	if err := r.wait(); err != nil {
		return err
	}
	line, err := r.lines.line()
	switch {
	case r.lines.total > r.lines.limit || r.rows >= maxStatRows:
		r.err = r.c.fail(fmt.Errorf("the listing is longer than can be had over the control connection (%d rows or %d MiB): this is its beginning",
			maxStatRows, maxStatBytes>>20))
		return r.err
	case err != nil:
		return r.lost(r.lines.explain(r.head, err))
	}
	code := r.head.lines[0][:3]
	if endsReply(line, code) {
		r.ended = true
		r.c.traceReply(reply{code: r.head.code, lines: []string{string(line)}})
		return io.EOF
	}
	r.rows++
	text := strings.TrimPrefix(strings.TrimPrefix(string(line), code+"-"), " ")
	r.rest = append([]byte(text), '\n')
	return nil
}

// wait sets the limit of the next line.
func (r *statReader) wait() error {
	if err := r.w.read(r.c.wire, time.Now().Add(r.c.cfg.Timeouts.Reply)); err != nil {
		return r.lost(err)
	}
	return nil
}

// lost ends the session.
func (r *statReader) lost(err error) error {
	r.err = r.c.lost(r.w, "STAT", r.c.cfg.Timeouts.Reply, err)
	return r.err
}

// skip reads what the caller did not want.
func (r *statReader) skip() error {
	for {
		if err := r.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
