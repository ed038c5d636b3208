package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/queue"
	"portside/ui/config"
	"portside/ui/dialog"
	"portside/ui/text"
	"portside/ui/theme"
)

// Model is everything that the screen shows.
type Model struct {
	engine queue.Engine
	parse  func(typed string) (address, path, password string, err error)
	do     func(func(context.Context) tea.Msg) tea.Cmd // a command that ends with the program
	derive func() (context.Context, context.CancelFunc)
	after  func(done, failed, skipped int, bytes int64) error
	bell   bool
	kept   bool // what has not ended goes on at the next start
	clock  func() time.Time
	keys   *keymap.Map
	theme  *theme.Theme

	w, h   int
	sides  [2]*side
	focus  int
	screen keymap.Scope // the face that is shown, or keymap.Panes
	faces  map[keymap.Scope]face

	pending []string  // keys of a sequence that is not complete
	asked   *asking   // the question in the message row
	layer   layer     // the box over the screen, which has the keys
	deaf    time.Time // keys before it are dropped: a dialog opened by itself
	breaks  int       // ctrl+c in a row

	notice  string // the message to start with, safe
	message message
	totals  queue.Totals
	work    work
	list    jobList
	wire    wireView
	hints   hintRow

	commands map[commandKey]command

	// What the parts of the screen keep for themselves, each beside its commands.
	panes  paneState
	places placesState
	looks  lookState
	prefs  config.Prefs
	set    prefState
	frame  frameState
}

// message is the last message, in its row until the next one.
type message struct {
	text  string // safe
	level level
	at    time.Time // when work told it; zero: the answer to a key
}

type level uint8

const (
	plain level = iota
	good
	warn
	bad
)

// helping is the list of keys over the screen that it was opened on.
type helping struct {
	*dialog.Keys
	scope keymap.Scope
}

func newModel(ctx context.Context, o Options) *Model {
	m := &Model{
		engine: o.Engine,
		parse:  o.Connect,
		after:  o.After,
		bell:   o.Bell,
		kept:   o.Kept,
		prefs:  o.Prefs,
		clock:  time.Now,
		theme:  theme.New(themeOf(o)),
		do: func(f func(context.Context) tea.Msg) tea.Cmd {
			return func() tea.Msg { return f(ctx) }
		},
		derive: func() (context.Context, context.CancelFunc) { return context.WithCancel(ctx) },
	}
	for i, at := range []queue.Place{o.Left, o.Right} {
		m.sides[i] = newSide(at)
	}
	m.places.data = o.Data
	m.say(plain, o.Notice)
	m.prefer(o.Env)
	m.notice = m.message.text
	m.list.init()
	m.wire.init()
	m.screen, m.commands, m.faces = keymap.Panes, index(commands()), map[keymap.Scope]face{}
	for _, f := range []face{&m.list, &m.wire, &m.places.found, &m.looks.viewer} {
		m.faces[f.Scope()] = f
	}
	m.totals = m.engine.Totals()
	m.work.seen = m.totals.Version
	return m
}

// Init connects the panes and begins to watch the queue.
func (m *Model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.watch(0)}
	for _, s := range m.sides {
		if s.start.Address != "" {
			cmds = append(cmds, m.connect(s, s.start.Address, s.start.Path))
		}
	}
	if m.sides[1].start.Address == "" { // no server was named
		cmds = append(cmds, m.openSites(1))
	}
	m.refresh()
	return tea.Batch(append(cmds, m.tick())...)
}

// say puts a message into the message row; it may hold text from a server.
func (m *Model) say(l level, s string) {
	m.message = message{text: text.Safe(s), level: l}
	if l == good || l == bad {
		m.message.at = m.clock()
	}
}

func (m *Model) active() *side { return m.sides[m.focus] }
func (m *Model) other() *side  { return m.sides[1-m.focus] }

// scope is where keys count now, when nothing is asked.
func (m *Model) scope() keymap.Scope { return m.screen }

// wake drops keys for a moment: a dialog opened by itself, and what is being
// typed was not meant for it.
func (m *Model) wake() { m.deaf = m.clock().Add(300 * time.Millisecond) }
