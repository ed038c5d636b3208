package ftp

import (
	"context"
	"strconv"
)

// A session that begins in the middle of a file has nothing to wait for but round
// trips. What an earlier one at the same server learned is not asked for again,
// and while the data connection is dialled the server is told where the transfer
// begins.

// placing is where the transfer that is being prepared begins, and what the
// server said to that while its data connection was dialled.
type placing struct {
	offset int64
	heard  bool
	err    error
}

// place sends REST, if the transfer that is being prepared needs it, and returns
// what hears the answer. Until that was called nothing else may be sent.
func (c *Conn) place(ctx context.Context) (hear func() error, err error) {
	p := c.placing
	if p == nil {
		return func() error { return nil }, nil
	}
	p.heard = false
	w := newWatch(ctx, c.wire)
	if err := c.send(w, command{"REST", strconv.FormatInt(p.offset, 10)}); err != nil {
		w.end()
		return nil, err
	}
	return func() error {
		defer w.end()
		r, err := c.receive(w, "REST", c.cfg.Timeouts.Reply)
		if err != nil {
			return err
		}
		p.heard, p.err = true, c.judge("REST", r, 3)
		c.restPending = c.restPending || p.err == nil // until the transfer begins
		return onlyFatal(p.err)
	}, nil
}

// placed returns what the server said to the place of the transfer that begins;
// false where it has yet to be told. A channel that the server is to open was
// agreed upon behind whatever it heard before.
func (c *Conn) placed(ch *channel) (error, bool) {
	p := c.placing
	c.placing = nil
	if p == nil || !p.heard || ch.how.mode() != Passive {
		return nil, false
	}
	return p.err, true
}

// recall takes over what an earlier session of the same user learned of the
// features.
func (c *Conn) recall() {
	if f, ok := c.know.features(c.asWhom()); ok && !c.features.telling() {
		c.features = f
	}
}

// asWhom says for whom the features hold: some servers have others behind TLS.
func (c *Conn) asWhom() whom { return whom{c.cfg.Host, c.cfg.User, c.tlsBase != nil} }

// whom is for whom features hold.
type whom struct {
	host, user string
	secure     bool
}

// features returns what a session has learned before.
func (m *Memory) features(w whom) (Features, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.feats[w]
	return f, ok
}

// learnFeatures keeps what a session has learned, if that is worth anything.
func (m *Memory) learnFeatures(w whom, f Features) {
	if !f.telling() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.feats == nil {
		m.feats = map[whom]Features{}
	}
	m.feats[w] = f
}
