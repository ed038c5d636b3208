package pane

import "portside/ui/text"

// SetSize shows beside a directory what it holds, until it is read again; whole
// is false for what is no more than the least. It never marks.
func (p *Pane) SetSize(name string, bytes int64, whole bool) {
	for i := range p.items {
		if it := &p.items[i]; it.Name == name && it.Type == Dir {
			it.holds = text.Size(bytes)
			if !whole {
				it.holds = ">" + it.holds
			}
			return
		}
	}
}

// Matcher returns what a pattern or a part of a name lets through, as the filter
// takes it.
func Matcher(pattern string) func(name string) bool {
	match := matcher(pattern)
	return func(name string) bool { return match == nil || match(keyOf(name)) }
}
