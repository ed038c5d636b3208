package ui

// The smallest screen, and from where on it shows more.
const (
	minWidth, minHeight = 40, 10

	twoPanesFrom = 60  // cells; less shows one pane
	wideFrom     = 120 // cells; more hints
	headsFrom    = 32  // rows; the columns are named, and the strip is the queue's head
	logFrom      = 36  // rows; the last lines of the log

	queueRows = 1 + headJobs
	logRows   = 1 + 3
)

// layout says where things stand. From the bottom up the rows are always
// hints, message, log if there is room, strip, pane status.
type layout struct {
	single      bool // one pane, the other one by Tab
	left, right int  // widths of the panes
	heads       bool // the columns are named
	files       int  // rows of files
	queue       int  // rows of the queue's head; 1 is the strip
	log         int  // rows of the log, 0 none
	full        int  // rows of a full screen
}

func (m *Model) layout() layout {
	l := layout{left: (m.w - 1) / 2, queue: 1, full: m.h - 2}
	l.right = m.w - 1 - l.left
	if m.w < twoPanesFrom || m.prefs.Plain {
		l.single, l.left, l.right = true, m.w, m.w
	}
	if m.h >= headsFrom {
		l.heads, l.queue = true, queueRows
	}
	if m.h >= logFrom {
		l.log = logRows
	}
	l.files = m.h - 4 - l.queue - l.log // header, status, message, hints
	if l.heads {
		l.files--
	}
	return l
}

// top is the row of the first file.
func (l layout) top() int {
	if l.heads {
		return 2
	}
	return 1
}

func (m *Model) tooSmall() bool { return m.w < minWidth || m.h < minHeight }

func (m *Model) resize(w, h int) {
	m.w, m.h = w, h
	if m.tooSmall() {
		return
	}
	l := m.layout()
	for _, s := range m.sides {
		s.pane.SetHeight(l.files)
	}
	if f, ok := m.faces[m.screen]; ok {
		f.Refresh(m)
	}
}
