package pane

import "strings"

// Line returns the line that the cursor is on, to jump from.
func (p *Pane) Line() int { return p.cursor }

// Jump moves the cursor from a line on to the next row shown whose name begins
// with typed, else to one that holds it; case does not matter and the search goes
// round. It reports whether there is one. Nothing typed leads back to the line.
func (p *Pane) Jump(typed string, line int) bool {
	if typed == "" {
		p.Move(line - p.cursor)
		return true
	}
	key := keyOf(typed)
	for _, is := range []func(name, key string) bool{strings.HasPrefix, strings.Contains} {
		for n := range len(p.view) {
			at := (max(line-p.lead(), 0) + n) % len(p.view)
			if is(p.items[p.view[at]].key, key) {
				p.Move(at + p.lead() - p.cursor)
				return true
			}
		}
	}
	return false
}
