package ui

import (
	"context"
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/config"
	"portside/ui/dialog"
)

// bookmarkMsg says that a bookmark was set, and what its letter led to.
type bookmarkMsg struct {
	set, old config.Bookmark // old.Letter is "" when there was none
	err      error
}

// setBookmark lets a letter lead to the directory of the active pane.
func (m *Model) setBookmark(letter string) tea.Cmd {
	if !isLetter(letter) {
		m.say(warn, "A bookmark is a letter or a digit")
		return nil
	}
	at, data := m.active().place, m.places.data
	b := config.Bookmark{Letter: letter, Address: at.Address, Path: at.Path}
	known := m.places.bookmarks
	return m.do(func(context.Context) tea.Msg {
		if data == "" {
			return bookmarkMsg{set: b, old: bookmarkIn(known, letter)}
		}
		before, err := config.LoadBookmarks(data)
		if err == nil {
			err = config.SetBookmark(data, b)
		}
		return bookmarkMsg{set: b, old: bookmarkIn(before, letter), err: err}
	})
}

func (e bookmarkMsg) apply(m *Model) tea.Cmd {
	if e.err != nil {
		m.say(bad, "The bookmark is not set: "+e.err.Error())
		return nil
	}
	all := slices.DeleteFunc(slices.Clone(m.places.bookmarks), func(b config.Bookmark) bool { return b.Letter == e.set.Letter })
	m.places.bookmarks = append(all, e.set)
	words := "' " + e.set.Letter + " leads to " + placeName(e.set)
	if e.old.Letter != "" && e.old != e.set {
		words += ", no more to " + placeName(e.old)
	}
	m.say(good, words)
	return nil
}

// isLetter reports whether s can name a bookmark.
func isLetter(s string) bool {
	r := []rune(s)
	return len(r) == 1 && (unicode.IsLetter(r[0]) || unicode.IsDigit(r[0]))
}

func bookmarkIn(all []config.Bookmark, letter string) config.Bookmark {
	i := slices.IndexFunc(all, func(b config.Bookmark) bool { return b.Letter == letter })
	if i < 0 {
		return config.Bookmark{}
	}
	return all[i]
}

// placeName is where a bookmark leads to, in words.
func placeName(b config.Bookmark) string {
	if b.Address == queue.Local {
		return "LOCAL " + b.Path
	}
	return siteName(b.Address) + " " + b.Path
}

// goBookmark shows in the active pane what a letter leads to.
func (m *Model) goBookmark(letter string) tea.Cmd {
	return m.withPlaces(func(m *Model) tea.Cmd {
		b := bookmarkIn(m.places.bookmarks, letter)
		if b.Letter == "" {
			m.say(warn, "No bookmark is called "+letter+": m "+letter+" makes one")
			return nil
		}
		return m.goTo(m.active(), queue.Place{Address: b.Address, Path: b.Path}, "")
	})
}

// goTo shows a place in a pane, and connects it where that has to be.
func (m *Model) goTo(s *side, at queue.Place, want string) tea.Cmd {
	if s.info.Address == at.Address {
		return m.stepInto(s, at, want)
	}
	return m.connect(s, at.Address, at.Path)
}

// bookmarkList is the box of all bookmarks.
type bookmarkList struct {
	*dialog.Pick
	all []config.Bookmark
}

// openBookmarks shows all bookmarks.
func (m *Model) openBookmarks() tea.Cmd {
	return m.withPlaces(func(m *Model) tea.Cmd {
		l := &bookmarkList{all: slices.Clone(m.places.bookmarks)}
		slices.SortFunc(l.all, func(a, b config.Bookmark) int { return strings.Compare(a.Letter, b.Letter) })
		items := make([]dialog.Item, len(l.all))
		for i, b := range l.all {
			items[i] = dialog.Item{Text: b.Letter + "  " + placeName(b), Value: i}
			items[i].Facts = []string{"Bookmark " + b.Letter, "", siteName(b.Address), b.Path}
			if b.Address == queue.Local {
				items[i].Facts[2] = "LOCAL"
			}
		}
		l.Pick = dialog.NewPick("Filter", items)
		l.Title, l.NoMatch = "Bookmarks", "nothing is called that"
		l.Empty = "There are none yet: m and a letter keeps the directory of the active pane"
		l.Foot = []string{"Enter goes there   Esc closes   m and a letter sets one, ' and a letter goes", "Enter goes there   Esc closes"}
		m.raise(l)
		return nil
	})
}

// Key implements layer.
func (l *bookmarkList) Key(m *Model, msg tea.KeyPressMsg, name string) tea.Cmd {
	switch l.Pick.Key(msg, name) {
	case dialog.No:
		m.lower()
	case dialog.Yes:
		if item, ok := l.Chosen(); ok {
			m.lower()
			b := l.all[item.Value]
			return m.goTo(m.active(), queue.Place{Address: b.Address, Path: b.Path}, "")
		}
	}
	return nil
}

// Paste implements paster.
func (l *bookmarkList) Paste(_ *Model, msg tea.PasteMsg) tea.Cmd {
	l.Pick.Paste(msg)
	return nil
}
