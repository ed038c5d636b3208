package listing

import (
	"strconv"
	"strings"
	"time"
)

// dateAt reads the date that begins at field i: "Nov 21 13:58",
// "Nov 21 2025", "21 Nov 2025", "2025-11-21 13:58" and the like. A date that
// cannot be is found, with a zero time.
func dateAt(f *fields, i int, now time.Time) (foundDate, bool) {
	d := foundDate{first: i, last: i + 1}
	if day, ok := isoDate(f.at(i)); ok {
		clock, ok := clockTime(f.at(i + 1))
		if !ok {
			return d, false
		}
		d.precision, d.time = clock.precision, clock.on(day)
		if zone := f.at(i + 2); len(zone) == 5 && (zone[0] == '+' || zone[0] == '-') && isNumber(zone[1:]) && i+3 < f.n {
			d.last++
			d.time = inZone(d.time, zone)
		}
		return d, true
	}
	d.last = i + 2
	month, dayText := f.at(i), f.at(i+1)
	if isDay(strings.TrimRight(month, ".,日")) {
		month, dayText = dayText, month
	}
	dayText = strings.TrimRight(dayText, ".,日")
	if !isDay(dayText) || i+2 >= f.n-1 {
		return d, false
	}
	day, _ := strconv.Atoi(dayText)
	if day < 1 || day > 31 {
		return d, false
	}
	m, known := monthOf(month)
	if !known && !mayBeMonth(month) {
		return d, false
	}
	last := strings.TrimSuffix(f.at(i+2), "年")
	if clock, ok := clockTime(last); ok {
		d.precision = Minute
		if known {
			d.time = guessYear(clock, m, day, now)
		}
		return d, true
	}
	if len(last) != 4 || !isNumber(last) {
		return d, false
	}
	d.precision = Day
	if year, _ := strconv.Atoi(last); known && valid(year, m, day) {
		d.time = time.Date(year, m, day, 0, 0, 0, 0, time.UTC)
	}
	return d, true
}

// clock is a time of day.
type clock struct {
	hour, minute, second, nano int
	precision                  Precision
}

// on returns the time of day on a day.
func (c clock) on(day time.Time) time.Time {
	if day.IsZero() {
		return day
	}
	return time.Date(day.Year(), day.Month(), day.Day(), c.hour, c.minute, c.second, c.nano, time.UTC)
}

// clockTime reads "13:58", "13:58:07" or "13:58:07.123". 24:00 is midnight.
func clockTime(s string) (clock, bool) {
	c := clock{precision: Minute}
	h, rest, ok := strings.Cut(s, ":")
	if !ok || len(h) > 2 || !isNumber(h) {
		return c, false
	}
	m, sec, hasSeconds := strings.Cut(rest, ":")
	if len(m) != 2 || !isNumber(m) {
		return c, false
	}
	c.hour, _ = strconv.Atoi(h)
	c.minute, _ = strconv.Atoi(m)
	if hasSeconds {
		whole, fraction, _ := strings.Cut(sec, ".")
		if len(whole) != 2 || !isNumber(whole) || fraction != "" && !isNumber(fraction) {
			return c, false
		}
		c.second, _ = strconv.Atoi(whole)
		c.precision = Second
	}
	return c, c.hour <= 24 && c.minute < 60 && c.second <= 60
}

// isoDate reads "2025-11-21". A date that cannot be is a zero time.
func isoDate(s string) (time.Time, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || !isNumber(s[:4]+s[5:7]+s[8:]) {
		return time.Time{}, false
	}
	t, _ := time.Parse(time.DateOnly, s)
	return t, true
}

// inZone takes a time that was read as UTC for one of a zone like "+0130".
func inZone(t time.Time, zone string) time.Time {
	if t.IsZero() {
		return t
	}
	n, _ := strconv.Atoi(zone[1:])
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
	for _, year := range []int{now.Year() + 1, now.Year(), now.Year() - 1} {
		if !valid(year, m, day) {
			continue
		}
		t := c.on(time.Date(year, m, day, 0, 0, 0, 0, time.UTC))
		if !t.After(now.Add(24 * time.Hour)) {
			return t
		}
	}
	return time.Time{}
}

// valid reports whether there is such a day.
func valid(year int, m time.Month, day int) bool {
	return time.Date(year, m, day, 0, 0, 0, 0, time.UTC).Day() == day
}

func isDay(s string) bool { return len(s) <= 2 && isNumber(s) }

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// monthNames are the beginnings of the months' names in the languages that
// servers were seen to use. Where two languages disagree, neither is here.
const monthNames = "" +
	" jan:1 feb:2 mar:3 apr:4 may:5 jun:6 jul:7 aug:8 sep:9 oct:10 nov:11 dec:12 sept:9" +
	" mär:3 mrz:3 mai:5 okt:10 dez:12" +
	" janv:1 févr:2 fév:2 mars:3 avr:4 avril:4 juin:6 juil:7 juillet:7 août:8 aoû:8 déc:12" +
	" ene:1 abr:4 ago:8 dic:12 gen:1 mag:5 giu:6 lug:7 set:9 ott:10 mrt:3 mei:5 maj:5 out:10 fev:2 "

// monthOf returns the month that name means.
func monthOf(name string) (time.Month, bool) {
	if n, ok := strings.CutSuffix(name, "月"); ok && isDay(n) {
		m, _ := strconv.Atoi(n)
		return time.Month(m), m >= 1 && m <= 12
	}
	if len(name) < 3 || len(name) > 8 || strings.ContainsAny(name, " :") {
		return 0, false
	}
	key := " " + strings.TrimRight(strings.ToLower(name), ".") + ":"
	i := strings.Index(monthNames, key)
	if i < 0 {
		return 0, false
	}
	number, _, _ := strings.Cut(monthNames[i+len(key):], " ")
	m, err := strconv.Atoi(number)
	return time.Month(m), err == nil
}

// mayBeMonth reports whether name could be a month in a language that we do
// not know.
func mayBeMonth(name string) bool {
	return len(name) >= 2 && len(name) <= 16 && !strings.ContainsAny(name, "0123456789:/-,")
}
