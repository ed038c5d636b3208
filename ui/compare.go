package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/text/unicode/norm"

	"portside/ui/pane"
)

// slack is how far apart two times may be that are the same: file systems and
// servers round to even seconds.
const slack = 2 * time.Second

// compare shows how the two directories differ, or stops showing it.
func (m *Model) compare() tea.Cmd {
	if m.panes.comparing {
		m.dropCompare()
		m.say(plain, "The comparison is off")
		return nil
	}
	m.panes.comparing = true
	return m.compareAgain()
}

// needsTwo says why the two sides cannot be compared.
func needsTwo(m *Model) string {
	a, b := m.sides[0], m.sides[1]
	switch {
	case m.panes.comparing:
		return ""
	case !a.connected() || !b.connected():
		return "there is one side only: nothing to compare with"
	case a.place == b.place:
		return "both sides show the same directory"
	}
	return ""
}

// dropCompare takes the signs away: they say nothing about other directories.
func (m *Model) dropCompare() {
	m.panes.comparing = false
	for _, s := range m.sides {
		s.pane.DropSigns()
	}
}

// compareAgain compares anew, in the background, if signs are shown. Nothing
// is compared with a directory that is still being read.
func (m *Model) compareAgain() tea.Cmd {
	a, b := m.sides[0], m.sides[1]
	if !m.panes.comparing || m.apart() || a.reading != nil || b.reading != nil {
		return nil
	}
	msg := comparedMsg{sides: m.sides}
	var rows [2]func() []pane.Row
	for i, s := range m.sides {
		rows[i], msg.editions[i] = s.pane.Snapshot()
	}
	return func() tea.Msg {
		msg.signs[0], msg.signs[1] = signsOf(rows[0](), rows[1]())
		return msg
	}
}

// comparedMsg is the end of a comparison.
type comparedMsg struct {
	sides    [2]*side
	editions [2]int
	signs    [2][]pane.Sign
}

// apply shows the signs, if the directories are still the ones compared.
func (c comparedMsg) apply(m *Model) tea.Cmd {
	if !m.panes.comparing || m.apart() {
		return nil
	}
	for i, s := range c.sides {
		if !s.pane.SetSigns(c.signs[i], c.editions[i]) {
			return nil
		}
	}
	here := 0
	if m.active() == c.sides[1] {
		here = 1
	}
	if words := differences(c.signs[here], c.signs[1-here]); words != "" {
		m.say(plain, words+"; M marks what lacks there")
		return nil
	}
	m.say(good, "Both sides are the same, by names, sizes and times")
	return nil
}

// differences counts what differs, in words, as seen from one side.
func differences(here, there []pane.Sign) string {
	var words []string
	for _, kind := range []struct {
		of   []pane.Sign
		sign pane.Sign
		name string
	}{{here, pane.Only, "only here"}, {there, pane.Only, "only there"}, {here, pane.Newer, "newer"}, {here, pane.Older, "older"}, {here, pane.Differs, "of another size"}} {
		n := 0
		for _, s := range kind.of {
			if s == kind.sign {
				n++
			}
		}
		if n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, kind.name))
		}
	}
	return strings.Join(words, ", ")
}

// signsOf compares the rows of two directories by name, size and time.
func signsOf(a, b []pane.Row) (ofA, ofB []pane.Sign) {
	ofA, ofB = make([]pane.Sign, len(a)), make([]pane.Sign, len(b))
	exact, formed := make(map[string]int, len(b)), map[string]int{}
	for i, r := range b {
		if r.Usable() {
			exact[r.Name], ofB[i] = i, pane.Only
			if form := norm.NFC.String(r.Name); form != r.Name {
				formed[form] = i
			}
		}
	}
	for i, r := range a {
		if !r.Usable() {
			continue
		}
		at, ok := exact[r.Name]
		if !ok {
			form := norm.NFC.String(r.Name)
			if at, ok = exact[form]; !ok {
				at, ok = formed[form]
			}
		}
		if !ok {
			ofA[i] = pane.Only
			continue
		}
		ofA[i] = signOf(r, b[at])
		ofB[at] = turned(ofA[i])
	}
	return ofA, ofB
}

// signOf says how a differs from b of the same name.
func signOf(a, b pane.Row) pane.Sign {
	switch {
	case a.Type != b.Type:
		return pane.Differs
	case a.Type == pane.Dir:
		return pane.Same // what is in it is not known
	}
	sizes := a.Size != b.Size && a.Size >= 0 && b.Size >= 0
	near := slack
	if max(a.Precision, b.Precision) == pane.Day {
		near = 36 * time.Hour // nobody knows in which zone the day was
	}
	switch later := entryOf(a).Later(entryOf(b)); {
	case later > near:
		return pane.Newer
	case later < -near:
		return pane.Older
	case sizes:
		return pane.Differs
	}
	return pane.Same
}

// turned is a sign as the other side sees it.
func turned(s pane.Sign) pane.Sign {
	switch s {
	case pane.Newer:
		return pane.Older
	case pane.Older:
		return pane.Newer
	}
	return s
}

// markDiffering marks what the other side lacks or has older.
func (m *Model) markDiffering() {
	n := m.active().pane.MarkSigned(pane.Only, pane.Newer)
	m.say(plain, fmt.Sprintf("%s marked: missing or older on the other side", count(n, "item", "items")))
}

// needsComparison says why nothing can be marked by a comparison.
func needsComparison(m *Model) string {
	if !m.panes.comparing {
		return "C compares the panes first"
	}
	return ""
}
