package ui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/queue"
	"portside/ui/text"
)

// openByItself opens the question of a job, unless something is asked already;
// keys typed before it could be read are dropped.
func (m *Model) openByItself(r queue.Row) {
	if m.asked != nil || m.layer != nil {
		return
	}
	m.openQuestion(r)
	m.wake()
}

// answerNext opens the first open question.
func (m *Model) answerNext() {
	if m.screen == keymap.Queue {
		if r, ok := m.list.view.Selected(); ok && r.State == queue.Asking {
			m.openQuestion(r)
			return
		}
	}
	if r, ok := m.firstAsking(); ok {
		m.openQuestion(r)
		return
	}
	m.say(plain, "No question is open")
}

// questionsAt is how many of the open questions are looked at. With more, what
// applies to all still does.
const questionsAt = 200

func (m *Model) firstAsking() (queue.Row, bool) {
	rows := m.asking()
	if len(rows) == 0 {
		return queue.Row{}, false
	}
	return rows[0], true
}

// asking returns the jobs whose question is open, behind those that run.
func (m *Model) asking() []queue.Row {
	if m.totals.Asking == 0 {
		return nil
	}
	rows := m.engine.Rows(0, m.totals.Running+min(m.totals.Asking, questionsAt)+50)
	rows = slices.DeleteFunc(rows, func(r queue.Row) bool { return r.State != queue.Asking || r.Question == nil })
	return rows[:min(len(rows), questionsAt)]
}

// questions returns what asks, and of the jobs that wait for one answer about
// their server only the first.
func (m *Model) questions() []queue.Row {
	type about struct {
		server string
		ask    queue.Ask
	}
	seen := map[about]bool{}
	return slices.DeleteFunc(m.asking(), func(r queue.Row) bool {
		if r.Question.Ask == queue.AskExists {
			return false
		}
		a := about{serverOf(r), r.Question.Ask}
		again := seen[a]
		seen[a] = true
		return again
	})
}

// serverOf is the address that a question about a server is about.
func serverOf(r queue.Row) string {
	if r.Src.Address == queue.Local {
		return r.Dst.Address
	}
	return r.Src.Address
}

func indexOf(rows []queue.Row, id queue.ID) int {
	return slices.IndexFunc(rows, func(r queue.Row) bool { return r.ID == id })
}

// turn goes to another question and leaves this one open.
func (m *Model) turn(from queue.Row, by int) tea.Cmd {
	all := m.questions()
	if len(all) < 2 {
		return nil
	}
	m.lower()
	at := max(indexOf(all, from.ID), 0)
	m.openQuestion(all[(at+by+len(all))%len(all)])
	return nil
}

// nextQuestion goes on to the one that follows place at, once that of a job is
// dealt with.
func (m *Model) nextQuestion(done queue.ID, at int, cmd tea.Cmd) tea.Cmd {
	rest := slices.DeleteFunc(m.questions(), func(r queue.Row) bool { return r.ID == done })
	if len(rest) > 0 {
		m.openByItself(rest[max(at, 0)%len(rest)])
	}
	return cmd
}

// askOtherName asks under which name to keep both files. What is proposed stands
// for the first such name that is free.
func (m *Model) askOtherName(c *choosing) tea.Cmd {
	r := c.row
	have := base(r.Dst.Path)
	ext := extension(have)
	proposed := text.Safe(strings.TrimSuffix(have, ext) + "-1" + ext)
	m.promptName("Keep both, as:", proposed, false, func(typed string) tea.Cmd {
		a := queue.Answer{Exists: queue.ExistsRename}
		if typed != proposed {
			a.As = typed
			if _, err := m.engine.Join(m.engine.Parent(r.Dst), typed); err != nil {
				m.say(bad, err.Error())
				return nil
			}
		}
		m.say(plain, name(r)+" is kept as "+typed)
		at := indexOf(m.questions(), r.ID)
		return m.nextQuestion(r.ID, at, m.answer(r.ID, a))
	})
	m.asked.no = func() tea.Cmd {
		m.raise(c)
		return nil
	}
	return nil
}

// openQuestion asks a person what a job wants to know.
func (m *Model) openQuestion(r queue.Row) {
	if r.Question == nil {
		return
	}
	if r.Question.Ask == queue.AskExists {
		m.raise(m.existsChoice(r))
		return
	}
	f := &queue.Failure{Ask: r.Question.Ask, Text: "The server asks again"}
	if r.Failure != nil {
		f = r.Failure
	}
	m.askFailure(hostOf(serverOf(r)), f, func(a queue.Answer) tea.Cmd {
		at := indexOf(m.questions(), r.ID)
		return m.nextQuestion(r.ID, at, m.answer(r.ID, a))
	})
	m.deaf = time.Time{} // it was asked for
}

func (m *Model) answer(id queue.ID, a queue.Answer) tea.Cmd {
	if err := m.engine.Answer(id, a); err != nil {
		m.say(bad, failureOf(err).Text)
	}
	m.refresh()
	return m.tick()
}
