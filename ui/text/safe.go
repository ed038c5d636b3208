package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// maxMarks is how many marks a cell keeps; the rest of a tower is left out.
const maxMarks = 4

// Safe returns s with everything visible that a terminal would obey, hide or
// draw elsewhere: control characters, invalid bytes, overrides of direction,
// characters without width. They appear as their code, such as \x1b or \u202e.
// Safe of a safe string is the string itself.
func Safe(s string) string {
	if plain(s) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s) + 16)
	marks := -1 // -1: there is no cell that a mark could stand on
	var before rune
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&out, `\x%02x`, s[i])
			marks = -1
		case !visible(r) && !joins(before, r, next):
			out.WriteString(code(r))
			marks = -1
		case r >= utf8.RuneSelf && width(r) == 0:
			switch {
			case marks < 0:
				out.WriteString(code(r))
			case marks < maxMarks:
				out.WriteRune(r)
				marks++
			}
		default:
			out.WriteRune(r)
			marks = 0
		}
		before = r
		i += size
	}
	return out.String()
}

// plain reports whether s is printable ASCII, as most names are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// visible reports whether r has a shape of its own, or is a mark on one.
// Letters that are blank by definition have none.
func visible(r rune) bool {
	switch r {
	case 0x115f, 0x1160, 0x3164, 0xffa0: // Hangul fillers
		return false
	}
	return unicode.IsGraphic(r)
}

// joins reports whether r is a joiner at work inside a word of a script that
// needs it, such as Persian or Hindi. Elsewhere joiners only hide.
func joins(before, r, after rune) bool {
	if r != 0x200c && r != 0x200d {
		return false
	}
	script := func(c rune) bool {
		return c >= 0x0600 && c < 0x1100 && (unicode.IsLetter(c) || unicode.IsMark(c))
	}
	return script(before) && script(after)
}

func code(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// width returns the cells of one rune as terminals count them, rune by rune:
// they are told of no clusters over most connections.
func width(r rune) int {
	if r < utf8.RuneSelf {
		return 1
	}
	return ansi.StringWidthWc(string(r))
}
