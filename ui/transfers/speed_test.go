package transfers

import (
	"strings"
	"testing"
	"time"

	"portside/ui/theme"
)

func TestSpeed(t *testing.T) {
	tot, rows := example()
	var s Speed
	v := View{Speed: &s}
	th := theme.New(theme.Options{})
	sum := func(w int, th *theme.Theme) string {
		v.Update(tot, window(rows), 24)
		return shot(v.Lines(w, 24, th)[1])
	}
	alone := sum(80, th)
	now := time.Unix(1e9, 0)
	s.Add(4*mib, now)
	if got := sum(80, th); got != alone {
		t.Errorf("one rate is no course: %q", got)
	}
	for i, rate := range []float64{4 * mib, 2 * mib, -1, 8 * mib} {
		s.Add(rate, now.Add(time.Duration(i+1)*time.Second))
		s.Add(99*mib, now.Add(time.Duration(i+1)*time.Second+900*time.Millisecond)) // too soon
	}
	same(t, sum(80, th), " ████████░░░░░░░░░░░░  41%  585.0M of 1.4G      6.1M/s  ▁▁▁▁▁▁▁▅▅▃▁█  2:19 left")
	if got := sum(140, th); !strings.Contains(got, "27 of 41 files") || !strings.Contains(got, "▁▅▅▃▁█") {
		t.Error(got)
	}
	for range 200 {
		now = now.Add(time.Minute)
		s.Add(mib, now)
	}
	if got := sum(80, th); !strings.Contains(got, "  ████████████  2:19") {
		t.Error(got)
	}
	for _, got := range []string{sum(79, th), sum(80, theme.New(theme.Options{ASCII: true}))} {
		if strings.Contains(got, "▁") || strings.Contains(got, "████████████") || !strings.Contains(got, "27 of 41 files") {
			t.Error(got)
		}
	}
}
