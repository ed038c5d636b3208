package queue

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Rates are limits in bytes a second; 0 is none. All counts both directions,
// Down what comes from a server, Up what goes to one.
type Rates struct {
	All  int64 `json:"all,omitempty"`
	Down int64 `json:"down,omitempty"`
	Up   int64 `json:"up,omitempty"`
}

// Span is a part of every day, by the clock on the wall, and the rates that
// count in it. From and To are minutes after midnight; a span whose To is not
// behind its From goes on over midnight.
type Span struct {
	From, To int
	Rates
}

// Limits are the rates that count, and those of certain hours.
type Limits struct {
	Rates        // outside the spans
	Spans []Span // apart from each other
}

const (
	day = 24 * 60 // minutes
	// LeastRate is the smallest limit of a rate, in bytes a second. With less
	// a transfer could not be told from one that hangs.
	LeastRate = 1 << 10
	mostRate  = 1 << 50
	mostSpans = 48
)

// ParseLimits reads rates and a timetable: "2M", "down 2M up 500K",
// "02:00-07:00 none, 10M". Numbers are bytes a second, K, M and G are powers of
// 1024; nothing, like "none", is no limit.
func ParseLimits(s string) (Limits, error) {
	var l Limits
	if strings.TrimSpace(s) == "" {
		return l, nil
	}
	always := false
	for part := range strings.SplitSeq(s, ",") {
		words := strings.Fields(strings.ToLower(part))
		if len(words) == 0 {
			return Limits{}, errors.New("a comma stands between two limits, as in 02:00-07:00 none, 10M")
		}
		span, timed, err := parseSpan(words[0])
		if err != nil {
			return Limits{}, err
		}
		if timed {
			words = words[1:]
		}
		if span.Rates, err = parseRates(words); err != nil {
			return Limits{}, err
		}
		switch {
		case timed:
			l.Spans = append(l.Spans, span)
		case always:
			return Limits{}, errors.New("only one limit can do without hours; the others say when they count, as in 02:00-07:00 none")
		default:
			l.Rates, always = span.Rates, true
		}
	}
	if err := l.apart(); err != nil {
		return Limits{}, err
	}
	return l, nil
}

// apart refuses spans that share a minute.
func (l Limits) apart() error {
	if len(l.Spans) > mostSpans {
		return fmt.Errorf("%d spans of time are more than the %d that a day can have here", len(l.Spans), mostSpans)
	}
	for i, a := range l.Spans {
		for _, b := range l.Spans[:i] {
			if a.holds(b.From) || b.holds(a.From) {
				return fmt.Errorf("%s and %s overlap", b.hours(), a.hours())
			}
		}
	}
	return nil
}

// parseSpan reads hours such as 02:00-07:00; ok is false when s is something
// else.
func parseSpan(s string) (span Span, ok bool, err error) {
	if !strings.Contains(s, ":") {
		return span, false, nil
	}
	from, to, ok := strings.Cut(s, "-")
	if !ok {
		return span, false, fmt.Errorf("%q lacks its end: hours are written as in 02:00-07:00", s)
	}
	if span.From, err = parseMinute(from); err != nil {
		return span, false, err
	}
	if span.To, err = parseMinute(to); err != nil {
		return span, false, err
	}
	if span.From == span.To || span.From == day {
		return span, false, fmt.Errorf("%q is no span of time", s)
	}
	return span, true, nil
}

// parseMinute reads a time of day, also 24:00.
func parseMinute(s string) (int, error) {
	hour, minute, ok := strings.Cut(s, ":")
	h, err1 := strconv.ParseUint(hour, 10, 8)
	m, err2 := strconv.ParseUint(minute, 10, 8)
	if !ok || err1 != nil || err2 != nil || len(hour) > 2 || len(minute) != 2 || h > 24 || m > 59 || h == 24 && m > 0 {
		return 0, fmt.Errorf("%q is no time of day: write it as in 07:00", s)
	}
	return int(h*60 + m), nil
}

// parseRates reads "none", "2M", "down 2M up 500K".
func parseRates(words []string) (Rates, error) {
	var r Rates
	if len(words) == 1 && words[0] == "none" {
		return r, nil
	}
	if len(words) == 0 {
		return r, errors.New("the rate is missing: write one as in 2M, or none")
	}
	for i := 0; i < len(words); i++ {
		to, name := &r.All, "both directions"
		switch words[i] {
		case "down":
			to, name = &r.Down, "down"
		case "up":
			to, name = &r.Up, "up"
		}
		if to != &r.All {
			if i++; i == len(words) {
				return r, fmt.Errorf("the rate after %q is missing: write one as in %s 2M", name, name)
			}
		}
		if *to != 0 {
			return r, fmt.Errorf("there are two rates for %s", name)
		}
		var err error
		if *to, err = parseRate(words[i]); err != nil {
			return r, err
		}
	}
	return r, nil
}

// parseRate reads a number of bytes a second.
func parseRate(s string) (int64, error) {
	text := strings.TrimSuffix(s, "/s")
	text = strings.TrimSuffix(strings.TrimSuffix(text, "b"), "i")
	unit := 1.0
	if n := len(text); n > 0 {
		if i := strings.IndexByte("kmgt", text[n-1]); i >= 0 {
			unit, text = math.Pow(1024, float64(i+1)), text[:n-1]
		}
	}
	if strings.Trim(text, "0123456789.") != "" {
		return 0, fmt.Errorf("%q is no rate: write bytes a second, as in 500K or 2M, or none", s)
	}
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no rate: write bytes a second, as in 500K or 2M, or none", s)
	case n == 0:
		return 0, fmt.Errorf("a rate of %s lets nothing pass: pause does that, and none is no limit", s)
	case n*unit < LeastRate:
		return 0, fmt.Errorf("%s is too slow to tell it from nothing: the least is 1K a second", s)
	case n*unit > mostRate:
		return 0, fmt.Errorf("%s is more than any network does: none is no limit", s)
	}
	return int64(n * unit), nil
}

// IsZero reports whether nothing is ever limited.
func (l Limits) IsZero() bool {
	for _, s := range l.Spans {
		if s.Rates != (Rates{}) {
			return false
		}
	}
	return l.Rates == Rates{}
}

// String is the form that ParseLimits reads.
func (l Limits) String() string {
	var parts []string
	for _, s := range l.Spans {
		parts = append(parts, s.hours()+" "+s.Rates.String())
	}
	if l.Rates != (Rates{}) || len(parts) == 0 {
		parts = append(parts, l.Rates.String())
	}
	return strings.Join(parts, ", ")
}

// String is the form that ParseLimits reads.
func (r Rates) String() string {
	var words []string
	for _, d := range []struct {
		name string
		n    int64
	}{{"", r.All}, {"down ", r.Down}, {"up ", r.Up}} {
		if d.n != 0 {
			words = append(words, d.name+rateText(d.n))
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " ")
}

// rateText writes a rate without losing a byte.
func rateText(n int64) string {
	for i, unit := 3, int64(1<<40); i >= 0; i, unit = i-1, unit>>10 {
		if n >= unit && n%(unit/4) == 0 {
			return strconv.FormatFloat(float64(n)/float64(unit), 'f', -1, 64) + "KMGT"[i:i+1]
		}
	}
	return strconv.FormatInt(n, 10)
}

// hours is the span as it is written.
func (s Span) hours() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
}

// holds reports whether a minute of the day is in the span.
func (s Span) holds(minute int) bool {
	if s.From < s.To {
		return s.From <= minute && minute < s.To
	}
	return minute >= s.From || minute < s.To
}

// at returns the rates of a minute of the day.
func (l Limits) at(minute int) Rates {
	for _, s := range l.Spans {
		if s.holds(minute) {
			return s.Rates
		}
	}
	return l.Rates
}

// At returns the rates that count at a time, by the clock of its location, and
// when others will; zero: never.
func (l Limits) At(now time.Time) (r Rates, until time.Time) {
	minute := now.Hour()*60 + now.Minute()
	r = l.at(minute)
	if len(l.Spans) == 0 {
		return r, until
	}
	for next := minute + 1; next < minute+day; next++ {
		if l.at(next%day) == r {
			continue
		}
		until = time.Date(now.Year(), now.Month(), now.Day(), 0, next, 0, 0, now.Location())
		if !until.After(now) { // in the hour that comes twice
			until = now.Add(time.Minute)
		}
		return r, until
	}
	return r, until
}
