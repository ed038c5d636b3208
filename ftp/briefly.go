package ftp

import "context"

// The second session of a user at a server goes the way of the first. Where that
// was user and password and no more, and the server is one that keeps commands
// (see ahead.go), both go out in one packet, and without TLS also what ends the
// login. A refusal costs the session, as it would one command at a time.

// logsInBriefly reports whether the login may go out at once.
func (c *Conn) logsInBriefly() bool {
	return c.patience != patienceUnknown && c.bursts() && !c.cfg.NoPassword && c.cfg.Account == "" &&
		!c.cfg.gateway() && c.know.admitted(c.asWhom())
}

// logInBriefly sends user, password and what may follow, and hears of the first
// two.
func (c *Conn) logInBriefly(ctx context.Context) error {
	cmds := []command{{"USER", c.cfg.loginName()}, {"PASS", c.cfg.Password}}
	if c.recall(); c.tlsBase == nil && c.features.telling() {
		cmds = append(cmds, append(c.introduction(), c.whereabouts(true)...)...)
	}
	cmds = cmds[:max(2, burst(cmds, Works))]
	w := newWatch(ctx, c.wire)
	defer w.end()
	if err := c.send(w, cmds...); err != nil {
		return err
	}
	c.promised = cmds[2:]
	for _, cmd := range cmds[:2] {
		r, err := c.receive(w, cmd.verb, c.cfg.Timeouts.Reply)
		if err != nil {
			return err
		}
		want := 2
		if cmd.verb == "USER" && r.code == 331 {
			want = 3
		}
		if err := c.judge(cmd.verb, r, want); err != nil {
			c.know.admit(c.asWhom(), false)
			return c.loginError(err)
		}
	}
	return nil
}

// whereabouts asks where the session stands, and in a burst for what the first
// transfer needs.
func (c *Conn) whereabouts(burst bool) []command {
	cmds := []command{{verb: "PWD"}}
	if burst {
		cmds = append(cmds, command{"TYPE", c.mostly()})
		if c.asksSoon() {
			cmds = append(cmds, command{verb: "EPSV"})
		}
	}
	return cmds
}

// hearPromised hears what was sent with the login.
func (c *Conn) hearPromised(ctx context.Context) error {
	w := newWatch(ctx, c.wire)
	defer w.end()
	for _, cmd := range c.promised {
		r, err := c.receive(w, cmd.verb, c.cfg.Timeouts.Reply)
		if err != nil {
			return err
		}
		refused := c.judge(cmd.verb, r, 2, 3)
		if fatal(refused) {
			return refused
		}
		c.settled(cmd.verb, r, refused)
	}
	return c.check()
}

// admitted reports whether user and password were all that was asked for.
func (m *Memory) admitted(w whom) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.admits[w]
}

// admit takes down whether they were.
func (m *Memory) admit(w whom, yes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.admits == nil {
		m.admits = map[whom]bool{}
	}
	m.admits[w] = yes
}
