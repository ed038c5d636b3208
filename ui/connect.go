package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/dialog"
)

// connectedMsg says how connecting a pane went.
type connectedMsg struct {
	side    *side
	attempt int
	address string
	path    string // as it was asked for
	info    queue.Info
	at      queue.Place
	err     error
}

// connect makes a session for a pane and opens path there: absolute, or below
// the directory that the login starts in.
func (m *Model) connect(s *side, address, path string, answer ...queue.Answer) tea.Cmd {
	s.stopConnecting()
	s.attempt++
	s.connecting = hostOf(address)
	ctx, cancel := m.derive()
	s.stop = cancel
	engine, attempt := m.engine, s.attempt
	return func() tea.Msg {
		defer cancel()
		msg := connectedMsg{side: s, attempt: attempt, address: address, path: path}
		for _, a := range answer {
			if msg.err = engine.AnswerEndpoint(address, a); msg.err != nil {
				return msg
			}
		}
		msg.info, msg.err = engine.Connect(ctx, address)
		if msg.err == nil {
			msg.at, msg.err = resolve(engine, queue.Place{Address: address, Path: msg.info.Home}, msg.info.Home, path)
		}
		return msg
	}
}

// stopConnecting breaks off what connects; its message will come too late.
func (s *side) stopConnecting() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
	s.attempt++
	s.connecting, s.roots.travel, s.roots.typed = "", nil, false
}

// leave turns a pane away from one machine to another; the way back stays.
func (s *side) leave() {
	switch {
	case s.roots.travel != nil:
		s.roots.travel()
		s.roots.travel = nil
	case s.place.Path != "":
		s.back, s.forward = append(s.back, s.place), nil
		s.back = s.back[max(len(s.back)-100, 0):]
	}
	s.place = queue.Place{}
}

// resolve finds the directory that path means, seen from at.
func resolve(engine queue.Engine, at queue.Place, home, path string) (queue.Place, error) {
	switch {
	case strings.HasPrefix(path, "/"):
		at.Path = "/" + strings.Trim(path, "/")
		return at, nil
	case absolute(path):
		at.Path = path
		return at, nil
	case path == "~" || strings.HasPrefix(path, "~/"):
		at.Path, path = home, path[1:]
	}
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "", ".":
			continue
		case "..":
			at = engine.Parent(at)
			continue
		}
		next, err := engine.Join(at, part)
		if err != nil {
			return at, err
		}
		at = next
	}
	return at, nil
}

// absolute reports whether a path stands for itself on some system.
func absolute(path string) bool {
	return strings.HasPrefix(path, "/") || strings.HasPrefix(path, `\\`) || len(path) > 1 && path[1] == ':'
}

// connectEnded opens the directory, asks what has to be asked, or says why not.
func (m *Model) connectEnded(msg connectedMsg) tea.Cmd {
	s := msg.side
	if msg.attempt != s.attempt {
		return nil
	}
	s.connecting, s.stop = "", nil
	m.refresh()
	if msg.err == nil {
		s.info, s.trouble = msg.info, ""
		s.info.Address, s.roots.at = msg.address, msg.at
		if s.place.Address == queue.Local {
			m.places.local = s.place
		}
		stay := s.place.Address == msg.address
		if !stay { // nothing of the old place under the new name
			s.leave()
			s.stopReading()
			s.pane.Begin(false, "")
		}
		m.tellApart()
		m.connected(s)
		m.sayConnected(s)
		if s.roots.typed {
			return tea.Batch(m.remember(s, msg.at.Path), m.openTyped(s, msg.at))
		}
		if stay {
			return tea.Batch(m.remember(s, msg.at.Path), m.stepInto(s, msg.at, ""))
		}
		return tea.Batch(m.remember(s, msg.at.Path), m.open(s, msg.at, ""))
	}
	f := failureOf(msg.err)
	if !s.connected() {
		s.trouble = f.Text // said in the pane
	}
	if s.connected() || m.layout().single || !m.noticeStands() {
		m.say(bad, f.Text)
	}
	typed := s.roots.typed
	again := func(a queue.Answer) tea.Cmd {
		cmd := m.connect(s, msg.address, msg.path, a)
		s.roots.typed = typed
		return cmd
	}
	return m.askFailure(hostOf(msg.address), f, again)
}

// tellApart names the port where two servers have one name.
func (m *Model) tellApart() {
	l, r := m.sides[0], m.sides[1]
	l.roots.label, r.roots.label = "", ""
	if l.info.Name == r.info.Name && l.info.Address != r.info.Address && l.connected() && r.connected() {
		l.roots.label, r.roots.label = hostOf(l.info.Address), hostOf(r.info.Address)
	}
}

// labelOf is the name in the header, and whether its server is waited for.
func (m *Model) labelOf(s *side) string {
	if o := m.totals.Outage; o.Server != "" && s.connected() && o.Server == s.info.Name {
		return "reconnecting " + s.label()
	}
	return s.label()
}

// sayConnected tells of a session, unless something else was to be read first.
func (m *Model) sayConnected(s *side) {
	switch {
	case m.noticeStands() || s.info.Address == queue.Local:
	case s.info.Security == "PLAIN":
		m.say(warn, "Connected to "+s.label()+" without encryption")
	default:
		m.say(good, "Connected to "+s.label())
	}
}

// noticeStands reports whether what was to be read first still stands there.
func (m *Model) noticeStands() bool { return m.notice != "" && m.message.text == m.notice }

// askEndpoint asks what a failure asks about an endpoint, tells the engine,
// and goes on with then.
func (m *Model) askEndpoint(address string, f *queue.Failure, then func() tea.Cmd) tea.Cmd {
	return m.askFailure(hostOf(address), f, func(a queue.Answer) tea.Cmd {
		engine := m.engine
		return func() tea.Msg {
			return answeredMsg{err: engine.AnswerEndpoint(address, a), then: then}
		}
	})
}

// answeredMsg says that an answer was given, and what comes next.
type answeredMsg struct {
	err  error
	then func() tea.Cmd
}

func (m *Model) answered(msg answeredMsg) tea.Cmd {
	m.refresh()
	if msg.err != nil {
		m.say(bad, failureOf(msg.err).Text)
		return nil
	}
	return msg.then()
}

// askFailure asks a person what f asks. It never answers by itself: a wrong
// password is asked for again, and Esc ends it.
func (m *Model) askFailure(host string, f *queue.Failure, answer func(queue.Answer) tea.Cmd) tea.Cmd {
	if m.asked != nil {
		return nil // the message row is taken; the message says what failed
	}
	no := func() tea.Cmd { m.say(plain, host+": not connected"); return nil }
	switch f.Ask {
	case queue.AskPassword:
		m.asked = &asking{
			prompt: dialog.NewPrompt("Password for "+host+":", "", true),
			no:     no,
			yes:    func(typed string) tea.Cmd { return answer(queue.Answer{Password: typed}) },
		}
		if f.Code != 0 { // a server refused one, so say what it said
			m.asked.box = &dialog.Text{Title: "Login refused", Body: f.Text}
		}
	case queue.AskPlain:
		m.confirmTyped("No encryption", f.Text, "Speak without encryption to "+host+"? Type yes:",
			func() tea.Cmd { return answer(queue.Answer{Plain: true}) }, no)
	case queue.AskTrust:
		body := strings.Join(append([]string{f.Text, ""}, f.Facts...), "\n")
		m.confirmTyped("Certificate not trusted", body, "Trust this key of "+host+"? Type yes:",
			func() tea.Cmd { return answer(queue.Answer{Trust: true}) }, no)
	default:
		return nil
	}
	m.wake()
	return nil
}

// remoteSide is the pane that is not the local one.
func (m *Model) remoteSide() int {
	if m.active().info.Address == queue.Local && m.other().info.Address != queue.Local {
		return 1 - m.focus
	}
	return m.focus
}

// hostOf is the part of an address that a person knows it by.
func hostOf(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	if i := strings.IndexAny(address, "/?#"); i >= 0 {
		address = address[:i]
	}
	return address
}
