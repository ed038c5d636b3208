package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
)

// syncing is browsing in both panes together: a step in one is made in the other.
type syncing struct {
	pair, before [2]queue.Place // where they are together, and were one step ago
	sides        [2]*side       // whose they are
	paused       bool           // until both are at pair again
}

// of is which of the pair a side is.
func (y *syncing) of(s *side) int { return slices.Index(y.sides[:], s) }

// toggleSync begins to browse both panes together, or ends it.
func (m *Model) toggleSync() {
	if m.panes.sync != nil {
		m.endSync("The panes go their own ways again")
		return
	}
	m.panes.sync = &syncing{sides: m.sides, pair: [2]queue.Place{m.sides[0].place, m.sides[1].place}}
	m.say(plain, "Both panes go together from here; Y ends it")
}

// endSync ends browsing together. Differences of two directories that nobody
// keeps together say nothing.
func (m *Model) endSync(why string) {
	if m.apart() {
		m.dropCompare()
	}
	m.panes.sync = nil
	m.say(plain, why)
}

// needsPair says why both panes cannot be browsed together.
func needsPair(m *Model) string {
	a, b := m.sides[0].place, m.sides[1].place
	switch {
	case m.panes.sync != nil:
		return ""
	case a.Path == "" || b.Path == "":
		return "There is a directory in one pane only: nothing to go along"
	case a == b:
		return "Both panes show the same directory"
	}
	return ""
}

// apart reports whether the panes do not show what belongs together.
func (m *Model) apart() bool { return m.panes.sync != nil && m.panes.sync.paused }

// follow makes the other pane do the step that s has made from a directory. A
// step that was itself made so is not followed.
func (m *Model) follow(s *side, from queue.Place, r *reading) tea.Cmd {
	y := m.panes.sync
	if y == nil || r.followed || s.place == from {
		return nil
	}
	i := y.of(s)
	o := y.sides[1-i]
	switch {
	case s.place.Address != from.Address:
		m.endSync("Y is off: the pane is at another server")
		return nil
	case y.paused:
		m.together()
		return nil
	case from != y.pair[i] || o.aim() != y.pair[1-i]:
		m.pause("Y pauses: the panes are not where they went together")
		return nil
	}
	at, want, why := m.counterpart(s, o, from)
	if why != "" {
		m.pause(why + "; Y pauses until you are back")
		return nil
	}
	if at.Path == "" {
		m.endSync("Y is off: there is nothing of that in the other pane")
		return nil
	}
	y.before = y.pair
	y.pair[i], y.pair[1-i] = s.place, at
	cmd := m.read(o, at, want, true)
	o.reading.step, o.reading.followed = true, true
	return cmd
}

// pause waits until both panes are where they were together.
func (m *Model) pause(why string) {
	m.panes.sync.paused = true
	for _, s := range m.sides {
		s.pane.DropSigns()
	}
	m.say(warn, why)
}

// together goes on when both panes are where they were together.
func (m *Model) together() {
	y := m.panes.sync
	if y.sides[0].place == y.pair[0] && y.sides[1].place == y.pair[1] {
		y.paused = false
		m.say(plain, "Both panes go together again")
	}
}

// cannotFollow is called when the other pane could not make a step.
func (m *Model) cannotFollow(r *reading) {
	if y := m.panes.sync; y != nil && r.followed && !r.shown {
		y.pair = y.before
		y.paused = true
	}
}

// aim is the directory that a pane shows, or is about to by a step of the other.
func (s *side) aim() queue.Place {
	if s.reading != nil && s.reading.followed {
		return s.reading.at
	}
	return s.place
}

// counterpart is where the other pane goes for the step that s made, and where its
// cursor goes; an empty place when the step leads to nothing of the other's.
func (m *Model) counterpart(s, o *side, from queue.Place) (at queue.Place, want, why string) {
	aim := o.aim()
	switch {
	case m.engine.Parent(from) == s.place:
		at = m.engine.Parent(aim)
		if at == aim {
			return at, "", "There is nothing above " + aim.Path
		}
		return at, base(aim.Path), ""
	case m.engine.Parent(s.place) == from:
		name := base(s.place.Path)
		if o.reading == nil {
			row, ok := o.pane.Directory(name)
			if !ok {
				return at, "", name + "/ is not there"
			}
			name = row.Name
		}
		at, err := m.engine.Join(aim, name)
		if err != nil {
			return at, "", failureOf(err).Text
		}
		return at, "", ""
	}
	at, _ = m.mapped(s, o)
	return at, "", ""
}

// mapped is the directory of o that lies below where o began as that of s lies
// below where s began; ok is false when s is elsewhere.
func (m *Model) mapped(s, o *side) (at queue.Place, ok bool) {
	names, ok := m.stepsBelow(rootOf(s), s.place)
	if !ok {
		return queue.Place{}, false
	}
	at, err := m.down(rootOf(o), names)
	if err != nil {
		return queue.Place{}, false
	}
	return at, at.Path != ""
}
