package ui

import (
	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// consoleKeys returns a filter for the F-keys of the Linux console: it sends
// F1 to F5 as ESC [ [ A to E, which arrive as an unknown sequence and a
// letter.
func consoleKeys() func(tea.Model, tea.Msg) tea.Msg {
	pending := false
	return func(_ tea.Model, msg tea.Msg) tea.Msg {
		switch e := msg.(type) {
		case uv.UnknownCsiEvent:
			if string(e) == "\x1b[[" {
				pending = true
				return nil
			}
		case tea.KeyPressMsg:
			was := pending
			pending = false
			if was && len(e.Text) == 1 && e.Text[0] >= 'A' && e.Text[0] <= 'E' {
				return tea.KeyPressMsg{Code: tea.KeyF1 + rune(e.Text[0]-'A')}
			}
		}
		return msg
	}
}
