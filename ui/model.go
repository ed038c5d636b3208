package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/queue"
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
	screen screen

	pending []string // keys of a sequence that is not complete
	asked   *asking  // the question in the message row
	choice  *choosing
	help    *helping
	deaf    time.Time // keys before it are dropped: a dialog opened by itself
	breaks  int       // ctrl+c in a row

	notice  string // the message to start with, safe
	message message
	totals  queue.Totals
	work    work
	list    jobList
	wire    wireView
	hints   hintRow
}

// screen is what fills the screen.
type screen uint8

const (
	screenPanes screen = iota
	screenQueue
	screenLog
)

// message is the last message, in its row until the next one.
type message struct {
	text  string // safe
	level level
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
	keys  *dialog.Keys
	scope keymap.Scope
}

func newModel(ctx context.Context, o Options) *Model {
	m := &Model{
		engine: o.Engine,
		parse:  o.Connect,
		after:  o.After,
		bell:   o.Bell,
		kept:   o.Kept,
		clock:  time.Now,
		keys:   keymap.Default(),
		theme:  theme.New(theme.Options{NoColor: o.NoColor, ASCII: o.ASCII}),
		do: func(f func(context.Context) tea.Msg) tea.Cmd {
			return func() tea.Msg { return f(ctx) }
		},
		derive: func() (context.Context, context.CancelFunc) { return context.WithCancel(ctx) },
	}
	for i, at := range []queue.Place{o.Left, o.Right} {
		m.sides[i] = newSide(at)
	}
	m.say(plain, o.Notice)
	m.notice = m.message.text
	m.list.init()
	m.wire.init()
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
	m.refresh()
	return tea.Batch(append(cmds, m.tick())...)
}

// say puts a message into the message row; it may hold text from a server.
func (m *Model) say(l level, s string) {
	m.message = message{text: text.Safe(s), level: l}
}

func (m *Model) active() *side { return m.sides[m.focus] }
func (m *Model) other() *side  { return m.sides[1-m.focus] }

// scope is where keys count now, when nothing is asked.
func (m *Model) scope() keymap.Scope {
	switch m.screen {
	case screenQueue:
		return keymap.Queue
	case screenLog:
		return keymap.Log
	}
	return keymap.Panes
}

// wake drops keys for a moment: a dialog opened by itself, and what is being
// typed was not meant for it.
func (m *Model) wake() { m.deaf = m.clock().Add(300 * time.Millisecond) }
