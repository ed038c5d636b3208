package text

import (
	"strings"
)

// cut stands where something was left out.
const cut = "~"

// Width returns how many cells s takes once it is safe.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	cells := 0
	for _, r := range Safe(s) {
		cells += width(r)
	}
	return cells
}

// Fit returns s in exactly w cells: cut at the end, or padded there.
func Fit(s string, w int) string {
	return fit(s, w, func(glyphs []glyph, w int) (head, tail []glyph) {
		return take(glyphs, w-len(cut)), nil
	}, false)
}

// FitLeft returns s in exactly w cells with its end at the right edge: cut at
// the end, or padded at the start, as numbers are.
func FitLeft(s string, w int) string {
	return fit(s, w, func(glyphs []glyph, w int) (head, tail []glyph) {
		return take(glyphs, w-len(cut)), nil
	}, true)
}

// FitMiddle returns s in exactly w cells: cut in the middle, so that the end
// of a path and the extension of a name stay, or padded at the end.
func FitMiddle(s string, w int) string {
	return fit(s, w, func(glyphs []glyph, w int) (head, tail []glyph) {
		left := w - len(cut)
		tail = takeEnd(glyphs, (left+1)/2)
		return take(glyphs, left-cells(tail)), tail
	}, false)
}

// Middle is FitMiddle without the padding: at most w cells.
func Middle(s string, w int) string {
	if Width(s) <= w {
		return Safe(s)
	}
	return strings.TrimRight(FitMiddle(s, w), " ")
}

func fit(s string, w int, shorten func([]glyph, int) (head, tail []glyph), right bool) string {
	if w <= 0 {
		return ""
	}
	s = Safe(s)
	have := Width(s)
	if have > w {
		head, tail := shorten(split(s), w)
		s = join(head) + cut + join(tail)
		have = cells(head) + len(cut) + cells(tail)
	}
	pad := strings.Repeat(" ", w-have)
	if right {
		return pad + s
	}
	return s + pad
}

// glyph is what stands in a cell, or in two: a rune and its marks.
type glyph struct {
	text  string
	cells int
}

func split(s string) []glyph {
	var glyphs []glyph
	start, cells := 0, 0
	for i, r := range s {
		w := width(r)
		if i > 0 && w > 0 {
			glyphs = append(glyphs, glyph{s[start:i], cells})
			start, cells = i, 0
		}
		cells += w
	}
	return append(glyphs, glyph{s[start:], cells})
}

// take returns the first glyphs that fit into w cells.
func take(glyphs []glyph, w int) []glyph {
	for i, g := range glyphs {
		if w -= g.cells; w < 0 {
			return glyphs[:i]
		}
	}
	return glyphs
}

// takeEnd returns the last glyphs that fit into w cells.
func takeEnd(glyphs []glyph, w int) []glyph {
	for i := len(glyphs) - 1; i >= 0; i-- {
		if w -= glyphs[i].cells; w < 0 {
			return glyphs[i+1:]
		}
	}
	return glyphs
}

func cells(glyphs []glyph) int {
	n := 0
	for _, g := range glyphs {
		n += g.cells
	}
	return n
}

func join(glyphs []glyph) string {
	var out strings.Builder
	for _, g := range glyphs {
		out.WriteString(g.text)
	}
	return out.String()
}
