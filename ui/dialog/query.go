package dialog

import (
	"strings"
	"unicode"
)

// maxQuery is how long a query of a list may be.
const maxQuery = 40

// edited returns a query after a key; typed is its character, or what was
// pasted. What is not printed is left out. ok is false when nothing changed.
func edited(query, key, typed string) (changed string, ok bool) {
	if key == "backspace" || key == "ctrl+h" {
		r := []rune(query)
		if len(r) == 0 {
			return query, false
		}
		return string(r[:len(r)-1]), true
	}
	typed = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, typed)
	if typed == "" || len(query)+len(typed) > maxQuery {
		return query, false
	}
	return query + typed, true
}
