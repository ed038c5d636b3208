package ui

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/dialog"
	"portside/ui/text"
)

// statWait is how long it may take to find out what a typed path is.
const statWait = 10 * time.Second

// askPath asks where to go: a path as it stands or below this directory, or a
// URL. Tab completes it.
func (m *Model) askPath() {
	s := m.active()
	m.propose("Go to:", s.place.Path, m.goTyped)
	c := &completion{side: s, prompt: m.asked.prompt}
	m.asked.tab = func() tea.Cmd { return c.tab(m) }
}

// goTyped shows what was typed: a directory, the directory of a file with the
// cursor on it, or what a URL says.
func (m *Model) goTyped(typed string) tea.Cmd {
	if strings.Contains(typed, "://") && m.parse != nil {
		address, path, password, err := m.parse(typed)
		switch {
		case err != nil:
			m.say(bad, err.Error())
			return nil
		case password != "":
			return m.connectTyped(m.active(), address, path, queue.Answer{Password: password})
		}
		return m.connectTyped(m.active(), address, path)
	}
	s := m.active()
	if typed == "" {
		return nil
	}
	at, err := resolve(m.engine, m.hereOf(s), s.info.Home, typed)
	if err != nil {
		m.say(bad, failureOf(err).Text)
		return nil
	}
	return m.openTyped(s, at)
}

// connectTyped connects a pane for a path that may be a file's.
func (m *Model) connectTyped(s *side, address, path string, answer ...queue.Answer) tea.Cmd {
	cmd := m.connect(s, address, path, answer...)
	s.roots.typed = path != "" && !strings.HasSuffix(path, "/")
	return cmd
}

// openTyped opens a directory, or that of a file with the cursor on it.
func (m *Model) openTyped(s *side, at queue.Place) tea.Cmd {
	engine := m.engine
	return m.do(func(ctx context.Context) tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, statWait)
		defer cancel()
		e, err := engine.Stat(ctx, at)
		return typedMsg{side: s, at: at, file: err == nil && (e.Type == queue.File || e.Type == queue.Other)}
	})
}

// hereOf is the directory that a typed path is seen from.
func (m *Model) hereOf(s *side) queue.Place {
	if s.place.Path == "" {
		return queue.Place{Address: s.info.Address, Path: s.info.Home}
	}
	return s.place
}

// typedMsg says what a typed path is. What cannot be found out is taken for a
// directory: reading it says what is wrong.
type typedMsg struct {
	side *side
	at   queue.Place
	file bool
}

func (e typedMsg) apply(m *Model) tea.Cmd {
	switch {
	case e.side.info.Address != e.at.Address:
		return nil // it is connected to something else by now
	case e.file:
		if e.side.roots.at == e.at {
			e.side.roots.at = m.engine.Parent(e.at)
		}
		return m.stepInto(e.side, m.engine.Parent(e.at), base(e.at.Path))
	}
	return m.stepInto(e.side, e.at, "")
}

// completion completes the last part of a path with the names of its directory.
type completion struct {
	side   *side
	prompt *dialog.Prompt

	head  string   // what was listed: all before the last part
	names []string // the directories in it, nil when it was not listed
	found []string // those that the last part begins
	next  int      // the one that Tab shows next
	shown string   // what it showed last
}

// completeMsg brings the names of a directory.
type completeMsg struct {
	of    *completion
	head  string
	names []string
}

// tab completes what stands in the prompt.
func (c *completion) tab(m *Model) tea.Cmd {
	typed := c.prompt.Value()
	if typed == c.shown && len(c.found) > 1 {
		c.cycle()
		return nil
	}
	head := typed[:strings.LastIndex(typed, "/")+1]
	if c.names != nil && head == c.head {
		c.complete(typed)
		return nil
	}
	at := m.hereOf(c.side)
	if head != "" {
		var err error
		if at, err = resolve(m.engine, at, c.side.info.Home, head); err != nil {
			return nil
		}
	}
	engine := m.engine
	return m.do(func(ctx context.Context) tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, statWait)
		defer cancel()
		msg := completeMsg{of: c, head: head, names: []string{}}
		for e, err := range engine.List(ctx, at) {
			if err != nil || len(msg.names) == maxRows {
				break
			}
			if (e.Type == queue.Dir || e.Type == queue.Link) && e.Name != "" && text.Safe(e.Name) == e.Name {
				msg.names = append(msg.names, e.Name)
			}
		}
		return msg
	})
}

func (e completeMsg) apply(m *Model) tea.Cmd {
	c := e.of
	if m.asked == nil || m.asked.prompt != c.prompt {
		return nil // it was answered meanwhile
	}
	c.head, c.names = e.head, e.names
	if typed := c.prompt.Value(); strings.HasPrefix(typed, e.head) {
		c.complete(typed)
	}
	return nil
}

// complete writes as much as all names have in common that go on from what was
// typed; the case counts where that leaves any.
func (c *completion) complete(typed string) {
	last := typed[len(c.head):]
	c.found = matching(c.names, func(n string) bool { return strings.HasPrefix(n, last) })
	if len(c.found) == 0 {
		c.found = matching(c.names, func(n string) bool { return strings.HasPrefix(strings.ToLower(n), strings.ToLower(last)) })
	}
	c.next = 0
	switch {
	case len(c.found) == 0:
		return
	case len(c.found) == 1:
		c.show(c.found[0] + "/")
		return
	}
	if all := common(c.found); len(all) >= len(last) && all != last {
		c.show(all)
		return
	}
	c.cycle()
}

// cycle shows one name after the other.
func (c *completion) cycle() {
	c.show(c.found[c.next])
	c.next = (c.next + 1) % len(c.found)
}

func (c *completion) show(last string) {
	c.shown = c.head + last
	c.prompt.Replace(c.shown)
}

func matching(names []string, f func(string) bool) (out []string) {
	for _, n := range names {
		if f(n) {
			out = append(out, n)
		}
	}
	return out
}

// common is the beginning that all names share, in whole characters.
func common(names []string) string {
	all := []rune(names[0])
	for _, n := range names[1:] {
		i := 0
		for _, r := range n {
			if i == len(all) || all[i] != r {
				break
			}
			i++
		}
		all = all[:i]
	}
	return string(all)
}
