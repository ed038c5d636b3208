package dialog

import "portside/ui/text"

// Replace puts another value in the place of what was typed, with the cursor
// behind it.
func (p *Prompt) Replace(value string) {
	p.whole = false
	p.input.SetValue(text.Safe(value))
	p.input.CursorEnd()
}
