package ui

import (
	"time"

	"portside/queue"
	"portside/ui/pane"
)

// side is one pane and what it shows.
type side struct {
	pane  *pane.Pane
	start queue.Place // where it begins; Address is "" when nothing is connected
	info  queue.Info
	place queue.Place // the directory that is shown

	connecting string        // the address being connected to
	attempt    int           // which connection counts; older ones are too late
	stop       func()        // breaks the connecting off
	reading    *reading      // the directory being read, nil if none
	trouble    string        // why the last reading failed
	dirty      bool          // the queue changed the directory
	read       time.Time     // when the last reading ended
	took       time.Duration // and how long it took

	back, forward []queue.Place

	task  *task // work in the background, nil if none
	roots rootState
}

func newSide(start queue.Place) *side {
	return &side{pane: &pane.Pane{}, start: start}
}

func (s *side) connected() bool { return s.info.Address != "" }

// label is the name in the header.
func (s *side) label() string {
	switch {
	case s.info.Address == queue.Local:
		return "LOCAL"
	case s.roots.label != "":
		return s.roots.label
	case s.info.Name != "":
		return s.info.Name
	case s.connecting != "":
		return "connecting " + s.connecting
	}
	return "not connected"
}

// rowOf and entryOf carry an entry between the engine and a pane.
func rowOf(e queue.Entry) pane.Row {
	return pane.Row{
		Name: e.Name, Type: pane.Type(e.Type), Size: e.Size, Time: e.Time, Precision: pane.Precision(e.Precision),
		Mode: e.Mode, HasMode: e.HasMode, Owner: e.Owner, Group: e.Group, Target: e.Target, Raw: e.Raw, Reason: e.Reason,
	}
}

func entryOf(r pane.Row) queue.Entry {
	return queue.Entry{
		Name: r.Name, Type: queue.Type(r.Type), Size: r.Size, Time: r.Time, Precision: queue.Precision(r.Precision),
		Mode: r.Mode, HasMode: r.HasMode, Owner: r.Owner, Group: r.Group, Target: r.Target, Raw: r.Raw, Reason: r.Reason,
	}
}
