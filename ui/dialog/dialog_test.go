package dialog

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"portside/ui/theme"
)

var th = theme.New(theme.Options{})

func wide(t *testing.T, rows []string, w, h int) {
	t.Helper()
	if len(rows) > h {
		t.Errorf("%dx%d: %d rows", w, h, len(rows))
	}
	for _, r := range rows {
		if n := ansi.StringWidthWc(r); n > w || n != ansi.StringWidthWc(rows[0]) {
			t.Errorf("%dx%d: %d cells: %q", w, h, n, r)
		}
	}
}

func TestConfirm(t *testing.T) {
	for _, c := range []struct {
		explicit bool
		key      string
		want     Verdict
	}{
		{false, "enter", Yes}, {true, "enter", Open}, {true, "y", Yes}, {true, "Y", Yes}, {false, "y", Yes},
		{true, "space", Open}, {false, "x", Open}, {true, "esc", No}, {true, "n", No}, {true, "8", Open}, {false, "5", Open},
	} {
		if got := (Confirm{Explicit: c.explicit}).Key(c.key); got != c.want {
			t.Errorf("%v %s: %v", c.explicit, c.key, got)
		}
	}
	row := Confirm{Text: Phrase{"Delete " + strings.Repeat("\x1b[2Jx", 50) + "?"}, Explicit: true}.Draw(60, th)
	if s := ansi.Strip(row); ansi.StringWidthWc(row) != 60 || !strings.HasSuffix(s, "y yes  Esc no ") {
		t.Errorf("%q", s)
	}
}

// Counts and sizes stay; names and paths lose their middle, and words give way
// before a path becomes unreadable.
func TestAQuestionKeepsItsNumbers(t *testing.T) {
	c := Confirm{
		Text:    Phrase{"Copy 6 directories with all in them and 12 files, 184.2M -> ", "/tmp/portside-demo-3482397/site/images", "?"},
		Shorter: []Phrase{{"Copy 6 directories, 12 files, 184.2M -> ", "/tmp/portside-demo-3482397/site/images", "?"}},
	}
	one := Confirm{Text: Phrase{"Move ", "a-very-long-name-of-a-film.mp4", ", 184.2M -> ", "/var/www/html/films", "?"}}
	for _, tt := range []struct {
		c    Confirm
		w    int
		want string
	}{
		{c, 140, " Copy 6 directories with all in them and 12 files, 184.2M -> /tmp/portside-demo-3482397/site/images?  Enter yes  Esc no"},
		{c, 100, " Copy 6 directories with all in them and 12 files, 184.2M -> /tmp/por~te/images?  Enter yes  Esc no"},
		{c, 80, " Copy 6 directories, 12 files, 184.2M -> /tmp/por~te/images?  Enter yes  Esc no"},
		{one, 80, " Move a-very-lon~-a-film.mp4, 184.2M -> /var/www/html/films?  Enter yes  Esc no"},
		{one, 50, " Move a-ve~m.mp4, 184.2M -> /var~films? Enter/Esc"},
	} {
		if got := strings.TrimRight(ansi.Strip(tt.c.Draw(tt.w, th)), " "); got != tt.want {
			t.Errorf("%d cells:\n%q\nwant\n%q", tt.w, got, tt.want)
		}
	}
}

func typed(p *Prompt, s string) {
	for _, r := range s {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func TestPrompt(t *testing.T) {
	p := NewPrompt("Name:", "old\x1b[2J.txt", false)
	if p.Value() != `old\x1b[2J.txt` {
		t.Errorf("%q", p.Value())
	}
	p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	typed(p, "日本 new")
	if row, x := p.Draw(40, th); !strings.Contains(row, "日本 new") || x != 7+8 {
		t.Errorf("%q, cursor at %d", row, x)
	}
	p.Update(tea.KeyPressMsg{Code: tea.KeyHome})
	if _, x := p.Draw(40, th); x != 7 {
		t.Errorf("cursor at %d", x)
	}
}

func TestTypingReplacesAProposal(t *testing.T) {
	key := func(code rune) tea.Msg { return tea.KeyPressMsg{Code: code} }
	text := func(s string) tea.Msg { return tea.KeyPressMsg{Code: []rune(s)[0], Text: s} }
	for _, tt := range []struct {
		msgs []tea.Msg
		want string
	}{
		{nil, "/old"},
		{[]tea.Msg{text("x"), text("y")}, "xy"},
		{[]tea.Msg{tea.PasteMsg{Content: "ftp://h/\n"}, text("p")}, "ftp://h/p"},
		{[]tea.Msg{tea.PasteMsg{Content: "\n"}, key(tea.KeyEnd), text("x")}, "/oldx"},
		{[]tea.Msg{key(tea.KeyEnd), text("x")}, "/oldx"},
		{[]tea.Msg{key(tea.KeyHome), text("x")}, "x/old"},
		{[]tea.Msg{key(tea.KeyLeft), tea.PasteMsg{Content: "x"}}, "/olxd"},
		{[]tea.Msg{key(tea.KeyBackspace), text("x")}, "/olx"},
	} {
		p := NewPrompt("Go to:", "/old", false)
		p.Select()
		for _, m := range tt.msgs {
			p.Update(m)
		}
		if p.Value() != tt.want {
			t.Errorf("%v: %q, want %q", tt.msgs, p.Value(), tt.want)
		}
		row, _ := p.Draw(40, th)
		if selected := strings.Contains(row, th.Cursor); selected != (tt.msgs == nil) || ansi.StringWidthWc(row) != 40 {
			t.Errorf("%v: %q", tt.msgs, row)
		}
	}
}

func TestTheCursorStandsBeforeTheExtension(t *testing.T) {
	p := NewPrompt("Rename to:", "日本.txt", false)
	p.CursorBefore(".txt")
	typed(p, "-2")
	if p.Value() != "日本-2.txt" {
		t.Errorf("%q", p.Value())
	}
}

// G3: a paste neither submits nor brings control characters.
func TestPasteIsOneLine(t *testing.T) {
	p := NewPrompt("URL:", "", false)
	p.Update(tea.PasteMsg{Content: "ftp://x/\r\n\x1b[201~y\x07\u009b"})
	if p.Value() != "ftp://x/[201~y" {
		t.Errorf("%q", p.Value())
	}
	p.Update(tea.PasteMsg{Content: strings.Repeat("x", 3*limit)})
	if len(p.Value()) > limit {
		t.Errorf("%d characters", len(p.Value()))
	}
}

func TestASecretIsNotDrawn(t *testing.T) {
	p := NewPrompt("Password:", "", true)
	typed(p, "pässword")
	row, _ := p.Draw(40, th)
	if s := ansi.Strip(row); !strings.HasPrefix(s, " Password: ******** ") || p.Value() != "pässword" {
		t.Errorf("%q", s)
	}
}

func TestALongLineShowsWhereItIsEdited(t *testing.T) {
	p := NewPrompt("To:", strings.Repeat("/directory", 30)+"/日本end", false)
	for w := 20; w < 120; w++ {
		row, x := p.Draw(w, th)
		if ansi.StringWidthWc(row) != w || x >= w || !strings.Contains(row, "end") {
			t.Errorf("width %d: cursor %d: %q", w, x, row)
		}
	}
}

func TestChoose(t *testing.T) {
	c := &Choose{
		Title: "File exists on \x1b]0;x\a", Note: "1 of 3", Body: []string{"/www/" + strings.Repeat("日本", 40), "", "  facts"},
		Choices: []Choice{{"r", "Resume", "resume"}, {"o", "Overwrite", "overwrite"}, {"s", "Skip", "skip"}},
		Scopes:  []string{"this file", "all 3"},
	}
	c.Mark(2)
	for w := 20; w < 100; w += 3 {
		for h := 4; h < 30; h++ {
			rows := c.Lines(w, h, th)
			wide(t, rows, w, h)
			if x, y := c.Cursor(); x != 2 || y >= len(rows) || !strings.Contains(rows[y], "> s") {
				t.Errorf("%dx%d: the cursor is not on the choice: %q", w, h, rows)
			}
		}
	}
	if c.Key("esc") != No || c.Key("z") != Open || c.Key("up") != Open || c.Key("tab") != Open {
		t.Error("keys")
	}
	if c.Key("enter") != Yes || c.Value() != "overwrite" || c.Scope() != 1 {
		t.Errorf("%s %d", c.Value(), c.Scope())
	}
	if c.Key("r") != Yes || c.Value() != "resume" {
		t.Error(c.Value())
	}
}

func TestKeys(t *testing.T) {
	var rows []KeyRow
	for _, g := range []string{"files", "move"} {
		for _, k := range strings.Split("abcdefghijklmnop", "") {
			rows = append(rows, KeyRow{Group: g, Keys: k, Help: g + " " + k, Action: g + k})
		}
	}
	k := NewKeys(rows)
	for range 40 {
		k.Key("down", "")
		for w := 40; w < 140; w += 13 {
			for h := 4; h < 40; h += 5 {
				lines := k.Lines(w, h, th)
				wide(t, lines, w, h)
				if _, y := k.Cursor(); !strings.Contains(lines[y], th.Cursor) {
					t.Fatalf("%dx%d: the cursor is not in row %d: %q", w, h, y, lines)
				}
			}
		}
	}
	for _, r := range "move c" {
		k.Key(string(r), string(r))
	}
	if k.Key("enter", "") != Yes || k.Action() != "movec" {
		t.Errorf("%q", k.Action())
	}
	k.Key("x", "x")
	if k.Key("enter", "") != Open || k.Action() != "" {
		t.Error("nothing runs something")
	}
	wide(t, k.Lines(80, 24, th), 80, 24)
	k.Key("backspace", "")
	if k.Key("enter", "") != Yes || k.Key("?", "?") != Open || k.Key("esc", "") != No {
		t.Error("keys")
	}
}

func TestWrap(t *testing.T) {
	s := "a certificate for " + strings.Repeat("x", 50) + " 日本語日本語日本語\nsecond \x1b[2J line"
	for w := 4; w < 80; w++ {
		rows := Wrap(s, w)
		for _, r := range rows {
			if ansi.StringWidthWc(r) > w {
				t.Errorf("width %d: %q", w, r)
			}
		}
		if all := strings.Join(rows, ""); strings.Count(all, "x") != 51 || strings.Count(all, "日") != 3 {
			t.Errorf("width %d: something is lost: %q", w, rows)
		}
	}
	wide(t, Text{Title: "T", Body: s}.Lines(40, 6, th), 40, 6)
}
