package ui

import "portside/queue"

// The places where one part of the screen tells the others what has happened.

// listed is called when a directory was read to its end into a pane.
func (m *Model) listed(*side) {}

// entered is called when a pane shows another directory than from.
func (m *Model) entered(_ *side, _ queue.Place) {}

// connected is called when a pane has a new session.
func (m *Model) connected(*side) {}

// jobChanged is called for every job that has changed.
func (m *Model) jobChanged(queue.Row) {}

// statusWords returns what stands at the right end of a pane's status.
func (m *Model) statusWords(s *side) []string {
	if s.task != nil && s.task.words != "" {
		return []string{s.task.words}
	}
	return nil
}
