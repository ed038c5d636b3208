package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/config"
	"portside/ui/dialog"
)

// site is a place to connect a pane to.
type site struct {
	folder   string
	name     string
	address  string
	path     string
	security string    // of the last connection, "" when there was none
	last     time.Time // zero: not known
}

// sitesOf returns what can be connected to: where the panes began, where they
// have been of late, and this machine.
func (m *Model) sitesOf() []site {
	var all []site
	for _, s := range m.sides {
		known := slices.ContainsFunc(m.places.recent, func(r config.Recent) bool { return r.Address == s.start.Address })
		if s.start.Address != "" && s.start.Address != queue.Local && !known {
			all = append(all, site{folder: "At the start", name: siteName(s.start.Address), address: s.start.Address, path: s.start.Path})
		}
	}
	for _, r := range m.places.recent {
		all = append(all, site{folder: "Recent", name: siteName(r.Address), address: r.Address, path: r.Path, security: r.Security, last: r.Last})
	}
	return append(all, site{folder: "This machine", name: "LOCAL", address: queue.Local, path: m.localPlace().Path})
}

// item is how a site is shown.
func (s site) item(i int, now time.Time) dialog.Item {
	item := dialog.Item{Group: s.folder, Text: s.name, Value: i}
	path := s.path
	if path == "" {
		path = "where the login starts"
	}
	if s.address == queue.Local {
		item.Facts = []string{s.name, "", "Directory  " + path}
		return item
	}
	security := s.security
	switch security {
	case "PLAIN":
		security = "PLAIN FTP"
		item.Facts = []string{"Security   PLAIN FTP, no encryption"}
	case "":
	default:
		item.Facts = []string{"Security   " + security}
	}
	item.Right, item.More = security, ago(s.last, now)
	item.Facts = append([]string{s.name, withoutSettings(s.address), ""}, item.Facts...)
	item.Facts = append(item.Facts, "Directory  "+path)
	if !s.last.IsZero() {
		item.Facts = append(item.Facts, "Last use   "+s.last.In(now.Location()).Format("2006-01-02 15:04"))
	}
	return item
}

// siteName is what a server is called in the list.
func siteName(address string) string { return strings.TrimSuffix(hostOf(address), ":21") }

// withoutSettings is an address as a person would write it.
func withoutSettings(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	return strings.TrimSuffix(address, "/")
}

// ago says in words how long ago t was.
func ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case t.IsZero():
		return ""
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min ago"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h ago"
	}
	return t.In(now.Location()).Format("2006-01-02")
}

// siteList is the box to choose a site in, or to type one.
type siteList struct {
	*dialog.Pick
	sites []site
	side  int // the pane that is connected
}

// openSites shows the sites for a pane.
func (m *Model) openSites(side int) tea.Cmd {
	l := &siteList{Pick: dialog.NewPick("Filter or URL", nil), side: side}
	l.Direct, l.NoMatch = direct, "nothing is called that: Enter connects to it"
	l.Foot = []string{
		"Enter connects   Tab the list or the line   Ctrl-Left Ctrl-Right the pane",
		"Enter connects   Ctrl-Left Ctrl-Right the pane", "Enter connects   Esc closes",
	}
	l.fill(m)
	m.raise(l)
	return m.loadPlaces()
}

// fill takes in the sites that are known by now.
func (l *siteList) fill(m *Model) {
	l.sites = m.sitesOf()
	items := make([]dialog.Item, len(l.sites))
	for i, s := range l.sites {
		items[i] = s.item(i, m.clock())
	}
	l.Set(items)
	l.Title = "Sites, in the " + [2]string{"left", "right"}[l.side] + " pane"
}

// direct reports whether a line means a place by itself, not a part of the name
// of one.
func direct(line string) bool {
	return strings.Contains(line, "://") || line == "local" || onDisk(line)
}

// onDisk reports whether a line, which is not empty, is a path on this machine.
func onDisk(line string) bool {
	drive := len(line) > 2 && line[1] == ':' && strings.ContainsAny(line[2:3], `/\`)
	return drive || line[0] == '/' || strings.HasPrefix(line, `\\`) || line == "." || line == ".." || strings.HasPrefix(line, "./") || strings.HasPrefix(line, "../") ||
		line == "~" || strings.HasPrefix(line, "~/")
}

// Key implements layer.
func (l *siteList) Key(m *Model, msg tea.KeyPressMsg, name string) tea.Cmd {
	switch name {
	case "ctrl+left", "ctrl+right":
		l.side = 0
		if name == "ctrl+right" {
			l.side = 1
		}
		l.fill(m)
		return nil
	}
	switch l.Pick.Key(msg, name) {
	case dialog.No:
		m.lower()
	case dialog.Yes:
		return l.enter(m)
	}
	return nil
}

// Paste implements paster.
func (l *siteList) Paste(_ *Model, msg tea.PasteMsg) tea.Cmd {
	l.Pick.Paste(msg)
	return nil
}

// enter connects the pane to what is marked, or to what was typed.
func (l *siteList) enter(m *Model) tea.Cmd {
	if item, ok := l.Chosen(); ok {
		s := l.sites[item.Value]
		return m.connectSite(l.side, s.address, s.path)
	}
	typed := l.Typed()
	switch {
	case typed == "":
		return nil
	case typed == "local":
		return m.connectSite(l.side, queue.Local, m.localPlace().Path)
	case strings.HasPrefix(typed, "."):
		at, err := resolve(m.engine, m.localPlace(), "", typed)
		if err != nil {
			l.Trouble = failureOf(err).Text
			return nil
		}
		return m.connectSite(l.side, queue.Local, at.Path)
	case onDisk(typed):
		return m.connectSite(l.side, queue.Local, typed)
	}
	if m.parse == nil {
		l.Trouble = "Connecting is not possible here"
		return nil
	}
	if !strings.Contains(typed, "://") {
		typed = "ftp://" + typed
	}
	address, path, password, err := m.parse(typed)
	if err != nil {
		l.Trouble = err.Error()
		return nil
	}
	if password == "" {
		return m.connectSite(l.side, address, path)
	}
	return m.connectSite(l.side, address, path, queue.Answer{Password: password})
}

// connectSite takes the box away and connects a pane, which becomes the active
// one.
func (m *Model) connectSite(side int, address, path string, answer ...queue.Answer) tea.Cmd {
	m.lower()
	m.focus = side
	return m.connectTyped(m.sides[side], address, path, answer...)
}

// localPlace is the directory of this machine that was shown last.
func (m *Model) localPlace() queue.Place {
	for _, at := range []queue.Place{m.active().place, m.places.local, m.other().place, m.active().start, m.other().start} {
		if at.Address == queue.Local && at.Path != "" {
			return at
		}
	}
	return queue.Place{Address: queue.Local}
}

// goLocal shows this machine in the active pane.
func (m *Model) goLocal() tea.Cmd {
	s := m.active()
	if s.info.Address == queue.Local {
		m.say(plain, "This pane shows this machine already")
		return nil
	}
	return m.connect(s, queue.Local, m.localPlace().Path)
}
