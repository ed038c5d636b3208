package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/ui/text"
)

// noticing is how a terminal shows a notice on the desktop.
type noticing uint8

const (
	noNotice noticing = iota // it shows none, or nobody knows
	osc9                     // iTerm2's sequence, which several took over
	osc777                   // urxvt's
)

// The window's title is put by at the start and brought back in the end.
const (
	keepTitle = "\x1b[22;2t"
	oldTitle  = "\x1b[23;2t"
)

// noticeOf tells from the environment how the terminal shows a notice. Inside
// tmux and screen the terminal itself is out of reach.
func noticeOf(env []string) noticing {
	get := func(name string) string { v, _ := lookup(env, name); return v }
	term, program := get("TERM"), get("TERM_PROGRAM")
	switch {
	case get("TMUX") != "", get("STY") != "", strings.HasPrefix(term, "screen"), strings.HasPrefix(term, "tmux"):
		return noNotice
	case program == "iTerm.app", program == "WezTerm", program == "ghostty", term == "xterm-kitty", term == "xterm-ghostty":
		return osc9
	case strings.HasPrefix(term, "foot"), strings.HasPrefix(term, "rxvt-unicode"), get("VTE_VERSION") != "":
		return osc777
	}
	return noNotice
}

// sequence is the notice that says words, "" none. What words hold can neither
// end it nor begin another part of it.
func (n noticing) sequence(words string) string {
	words = strings.ReplaceAll(text.Safe(words), ";", ",")
	switch n {
	case osc9:
		return "\x1b]9;" + words + "\x1b\\"
	case osc777:
		return "\x1b]777;notify;portside;" + words + "\x1b\\"
	}
	return ""
}

// focused notes whether the terminal's window is the one that has the keys.
func (m *Model) focused(msg tea.Msg) { _, m.set.away = msg.(tea.BlurMsg) }

// notify shows a notice where that was asked for and nobody looks.
func (m *Model) notify(words string) tea.Cmd {
	sequence := m.set.notices.sequence(words)
	if !m.prefs.Notify || !m.set.away || sequence == "" {
		return nil
	}
	return tea.Raw(sequence)
}

// callPerson rings the bell and shows a notice: something asks or has failed.
func (m *Model) callPerson() tea.Cmd {
	notice := m.notify(m.title())
	if m.prefs.Silent {
		return notice
	}
	return tea.Batch(tea.Raw("\a"), notice)
}

// notifyEnd shows a notice that the queue has come to its end, unless one of
// this moment says how.
func (m *Model) notifyEnd(e ended) tea.Cmd {
	if m.clock().Sub(m.work.call) < time.Second {
		return nil
	}
	words := fmt.Sprintf("portside: %d done, %s", e.done, amount(e.bytes))
	if e.failed > 0 {
		words += fmt.Sprintf(", %d failed", e.failed)
	}
	return m.notify(words)
}
