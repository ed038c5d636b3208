package listing

import (
	"strings"
	"time"
)

// foundDate is a date in a row: the fields first to last.
type foundDate struct {
	first, last int
	time        time.Time // zero when it cannot be
	precision   Precision
	loose       bool // it could be something else
	bare        bool // it has neither a time of day nor a year
	padded      bool // the column is wider than the date
	zoned       bool // the row tells the zone: time is UTC
}

// dateAt reads the date that begins at field i: "Nov 21 13:58",
// "Nov 21 2025", "21 Nov 2025", "2025-11-21 13:58" and the like. A date that
// cannot be is found, with a zero time. A name must follow.
func dateAt(f *fields, i int, now time.Time) (foundDate, bool) {
	s := f.at(i)
	if s == "" || i >= f.n-1 {
		return foundDate{}, false
	}
	if isDigit(s[0]) && len(s) >= 5 && strings.IndexByte("-/.", s[len(s)-3]) >= 0 || len(s) == 10 && isDigit(s[0]) {
		if d, ok := numericDate(f, i, now); ok {
			return d, true
		}
	}
	return namedDate(f, i, now)
}

// numericDate reads "2025-11-21 13:58:07.5 +0100", "2025-11-21",
// "21.11.2025 13:58", "11-21 13:58" and "11-21 2025".
func numericDate(f *fields, i int, now time.Time) (foundDate, bool) {
	d := foundDate{first: i, last: i, precision: Day}
	s, next := f.at(i), f.at(i+1)
	clock, hasClock := clockTime(next)
	hasClock = hasClock && i+1 < f.n-1
	if len(s) == 5 {
		return monthAndDay(f, i, now)
	}
	day, ok := shortDate(s, anyOrder)
	if !ok || len(s) < 8 {
		return d, false
	}
	if !hasClock {
		d.time, d.padded = day, true
		return d, len(s) == 10
	}
	d.last, d.precision, d.time = i+1, clock.precision, clock.on(day)
	if zone := f.at(i + 2); len(zone) == 5 && (zone[0] == '+' || zone[0] == '-') && isNumber(zone[1:]) && i+2 < f.n-1 {
		d.last++
		d.time, d.zoned = inZone(d.time, zone), true
	}
	return d, true
}

// monthAndDay reads "11-21 13:58" and "11-21 2025".
func monthAndDay(f *fields, i int, now time.Time) (foundDate, bool) {
	d := foundDate{first: i, last: i + 1}
	s := f.at(i)
	month, ok := number(s[:2])
	day, ok2 := number(s[3:])
	if !ok || !ok2 || month < 1 || month > 12 || day < 1 || day > 31 || i+1 >= f.n-1 {
		return d, false
	}
	ok = d.finish(f, i+1, time.Month(month), day, now)
	return d, ok && !d.loose
}

// namedDate reads a month by its name, and a day.
func namedDate(f *fields, i int, now time.Time) (foundDate, bool) {
	d := foundDate{first: i}
	first, second := f.at(i), f.at(i+1)
	if year, rest, ok := marked(first); ok && len(year) == 4 && rest == "" {
		return yearFirst(f, i, now)
	}
	if month, rest, ok := marked(first); ok {
		day, next := rest, i+1
		if rest == "" {
			day, next = second, i+2
		}
		ok = d.asian(f, next, month, day, now)
		return d, ok
	}
	if len(first) < 4 && isDay(strings.TrimRight(first, ".,")) && !isDay(second) {
		first, second = second, first
	}
	day, ok := number(strings.TrimRight(second, ".,"))
	if !ok || day < 1 || day > 31 || len(second) > 3 {
		return d, false
	}
	m, known := monthOf(first)
	if n, isNumber := number(first); isNumber {
		// Two numbers are a date before a time of day only.
		if _, ok := clockTime(f.at(i + 2)); !ok || n < 1 || n > 12 || len(first) > 2 {
			return d, false
		}
		m, known = time.Month(n), true
	}
	if !known && !mayBeMonth(first) {
		return d, false
	}
	ok = d.finish(f, i+2, m, day, now)
	return d, ok
}

// yearFirst reads "2025年 11月 21日", with a time of day or without.
func yearFirst(f *fields, i int, now time.Time) (foundDate, bool) {
	d := foundDate{first: i}
	text, _, _ := marked(f.at(i))
	year, _ := number(text)
	month, rest, ok := marked(f.at(i + 1))
	day, last := rest, i+1
	if rest == "" {
		day, last = f.at(i+2), i+2
	}
	day, _, ok2 := marked(day)
	m, _ := number(month)
	n, _ := number(day)
	if !ok || !ok2 || last >= f.n-1 {
		return d, false
	}
	d.time, d.last, d.precision = dayOf(year, time.Month(m), n), last, Day
	if clock, ok := clockTime(f.at(last + 1)); ok && last+1 < f.n-1 {
		d.time, d.last, d.precision = clock.on(d.time), last+1, clock.precision
	}
	return d, true
}

// asian takes a marked month and what stands for the day.
func (d *foundDate) asian(f *fields, next int, month, day string, now time.Time) bool {
	if digits, rest, ok := marked(day); ok && rest == "" {
		day = digits
	}
	m, ok := number(month)
	n, ok2 := number(day)
	return ok && ok2 && m >= 1 && m <= 12 && n >= 1 && n <= 31 && d.finish(f, next, time.Month(m), n, now)
}

// finish reads what follows month and day: a time of day, a year, both or
// neither. A month of 0 is one that we do not know.
func (d *foundDate) finish(f *fields, next int, m time.Month, day int, now time.Time) bool {
	d.last = next
	d.loose = m == 0
	text := f.at(next)
	hour, ok := clockTime(text)
	if !ok {
		hour, ok = halfClock(text)
	}
	if ok {
		d.precision = Minute
		if year, ok := fourDigits(f.at(next + 1)); ok && hour.precision == Second && next+1 < f.n-1 {
			d.last, d.precision, d.time = next+1, Second, hour.on(dayOf(year, m, day))
		} else if m != 0 {
			d.time = guessYear(hour, m, day, now)
		}
		return next < f.n-1
	}
	year := text
	if digits, rest, ok := marked(text); ok && rest == "" {
		year = digits
	}
	if year, ok := fourDigits(year); ok {
		d.precision, d.time = Day, dayOf(year, m, day)
		// ls fills the column before a year; who does not may add the time of day.
		if clock, ok := clockTime(f.at(next + 1)); ok && f.gap(next) == 1 && f.gap(next+1) == 1 && next+1 < f.n-1 {
			d.last, d.precision, d.time = next+1, clock.precision, clock.on(d.time)
		}
		return next < f.n-1
	}
	if m == 0 || next >= f.n {
		return false
	}
	d.last, d.precision, d.loose, d.bare = next-1, Day, true, true
	d.time = guessYear(clock{}, m, day, now)
	return true
}

// fourDigits returns the year that s is.
func fourDigits(s string) (int, bool) {
	n, ok := number(s)
	return n, ok && len(s) == 4
}

// clock is a time of day.
type clock struct {
	hour, minute, second int
	precision            Precision
}

// on returns the time of day on a day.
func (c clock) on(day time.Time) time.Time {
	if day.IsZero() {
		return day
	}
	return day.Add(time.Duration(c.hour)*time.Hour + time.Duration(c.minute)*time.Minute + time.Duration(c.second)*time.Second)
}

// clockTime reads "13:58", "13:58:07" or "13:58:07.123". 24:00 is midnight.
func clockTime(s string) (clock, bool) {
	c := clock{precision: Minute}
	if len(s) < 4 || !isDigit(s[0]) {
		return c, false
	}
	h, rest, _ := strings.Cut(s, ":")
	m, sec, hasSeconds := strings.Cut(rest, ":")
	if len(h) > 2 || len(m) != 2 {
		return c, false
	}
	var ok, ok2 bool
	c.hour, ok = number(h)
	c.minute, ok2 = number(m)
	if !ok || !ok2 {
		return c, false
	}
	if hasSeconds {
		whole, fraction, _ := strings.Cut(sec, ".")
		c.second, ok = number(whole)
		if !ok || len(whole) != 2 || fraction != "" && !isNumber(fraction) {
			return c, false
		}
		c.precision = Second
	}
	return c, c.hour <= 24 && c.minute < 60 && c.second <= 60
}

// inZone takes a time that was read as UTC for one of a zone like "+0130".
func inZone(t time.Time, zone string) time.Time {
	if t.IsZero() {
		return t
	}
	n, _ := number(zone[1:])
	offset := time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
	if zone[0] == '-' {
		offset = -offset
	}
	return t.Add(-offset)
}

// guessYear completes a date without a year: the last such day that is not more
// than a day ahead, since the server's clock may be in another zone. None is
// zero.
func guessYear(c clock, m time.Month, day int, now time.Time) time.Time {
	now = now.UTC()
	for year := now.Year() + 1; year >= now.Year()-1; year-- {
		if t := c.on(dayOf(year, m, day)); !t.IsZero() && !t.After(now.Add(24*time.Hour)) {
			return t
		}
	}
	return time.Time{}
}

// dayOf returns a day, or zero when there is none such.
func dayOf(year int, m time.Month, day int) time.Time {
	if m < 1 || m > 12 || day < 1 || day > 31 {
		return time.Time{}
	}
	t := time.Date(year, m, day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return time.Time{}
	}
	return t
}

// isDay reports whether s has the form of a day.
func isDay(s string) bool { return len(s) <= 2 && isNumber(s) }
