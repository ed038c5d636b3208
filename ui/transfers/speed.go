package transfers

import (
	"time"

	"portside/ui/theme"
)

const (
	speedCells = 12 // and seconds that are shown
	speedFrom  = 80 // cells of the screen
	speedEvery = time.Second
)

// Speed is how fast the queue was of late, a second each.
type Speed struct {
	rates []float64 // the newest last
	at    time.Time
}

// Add takes down a rate, once a second.
func (s *Speed) Add(rate float64, now time.Time) {
	if now.Sub(s.at) < speedEvery {
		return
	}
	s.at = now
	if len(s.rates) == speedCells {
		s.rates = append(s.rates[:0], s.rates[1:]...)
	}
	s.rates = append(s.rates, max(rate, 0))
}

// bars draws the rates, the highest of them full; nothing where there is no
// room, no glyph, or but one rate.
func (s *Speed) bars(w int, th *theme.Theme) string {
	if s == nil || w < speedFrom || th.BarFull != "█" || len(s.rates) < 2 {
		return ""
	}
	glyphs := []rune("▁▂▃▄▅▆▇█")
	top := 1.0
	for _, r := range s.rates {
		top = max(top, r)
	}
	out := make([]rune, 0, speedCells)
	for range speedCells - len(s.rates) {
		out = append(out, glyphs[0])
	}
	for _, r := range s.rates {
		out = append(out, glyphs[min(int(r/top*float64(len(glyphs))), len(glyphs)-1)])
	}
	return string(out)
}
