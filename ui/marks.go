package ui

import "portside/queue"

// What is remembered of marks, at most.
const (
	maxMarkedDirs  = 100
	maxMarkedNames = 100_000
)

// keptMarks are the marks of directories that were left.
type keptMarks struct {
	names map[queue.Place][]string
	order []queue.Place // the oldest first
	count int
}

// keep remembers the names marked in a directory; none forgets it.
func (k *keptMarks) keep(at queue.Place, names []string) {
	k.take(at)
	if len(names) == 0 || len(names) > maxMarkedNames {
		return
	}
	if k.names == nil {
		k.names = map[queue.Place][]string{}
	}
	k.names[at] = names
	k.order = append(k.order, at)
	k.count += len(names)
	for len(k.order) > maxMarkedDirs || k.count > maxMarkedNames {
		k.take(k.order[0])
	}
}

// take returns the names marked in a directory, and forgets them.
func (k *keptMarks) take(at queue.Place) []string {
	names := k.names[at]
	if names == nil {
		return nil
	}
	delete(k.names, at)
	for i, o := range k.order {
		if o == at {
			k.order = append(k.order[:i], k.order[i+1:]...)
			break
		}
	}
	k.count -= len(names)
	return names
}

// leave remembers the marks of the directory that a pane shows.
func (m *Model) leave(s *side) {
	if s.place.Path != "" {
		m.panes.kept.keep(s.place, s.pane.MarkedNames())
	}
}

// comeBack marks again what was marked here, as it arrives.
func (m *Model) comeBack(s *side) { s.pane.WantMarks(m.panes.kept.take(s.place)) }

// unmarkIn takes the marks of a directory, also when it is no longer shown.
func (m *Model) unmarkIn(s *side, at queue.Place) {
	if s.place == at {
		s.pane.Unmark()
		return
	}
	m.panes.kept.take(at)
}
