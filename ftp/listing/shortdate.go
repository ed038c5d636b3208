package listing

import (
	"strings"
	"time"
)

// order is the order of year, month and day in a date of numbers.
type order uint8

const (
	anyOrder     order = iota // as the separator and the numbers tell; month first when they do not
	yearMonthDay              //
)

// shortDate reads a date in one word: "11-21-25", "11/21/2025", "21.11.25",
// "2025-11-21", "94/11/21". A date that cannot be is a zero time.
func shortDate(s string, o order) (time.Time, bool) {
	i := strings.IndexAny(s, "-/.")
	if i < 1 {
		return time.Time{}, false
	}
	sep := s[i]
	j := strings.IndexByte(s[i+1:], sep)
	if j < 1 {
		return time.Time{}, false
	}
	j += i + 1
	a, ok := number(s[:i])
	b, ok2 := number(s[i+1 : j])
	c, ok3 := number(s[j+1:])
	if !ok || !ok2 || !ok3 || i > 4 || j-i > 3 || len(s)-j > 5 {
		return time.Time{}, false
	}
	if i > 2 || o == yearMonthDay || a > 31 || a == 0 {
		return dayOf(fullYear(a, i), time.Month(b), c), i != 3 && len(s)-j <= 3
	}
	year := fullYear(c, len(s)-j-1)
	if sep == '.' || a > 12 {
		a, b = b, a
	}
	return dayOf(year, time.Month(a), b), true
}

// fullYear completes a year that was written with so many digits. Three are
// years since 1900: the clock of a program that did not expect the year 2000.
func fullYear(year, digits int) int {
	switch {
	case digits == 4:
		return year
	case digits == 3 || digits == 2 && year >= 70:
		return 1900 + year
	}
	return 2000 + year
}

// hyphenDate reads "21-Nov-2025", "21-NOV-25" and "Nov-21-2025". A date that
// cannot be is a zero time.
func hyphenDate(s string) (time.Time, bool) {
	first, rest, _ := strings.Cut(s, "-")
	second, last, _ := strings.Cut(rest, "-")
	if m, ok := english(first); ok {
		return hyphened(last, m, second)
	}
	m, ok := english(second)
	if !ok {
		return time.Time{}, false
	}
	return hyphened(last, m, first)
}

func hyphened(yearText string, m time.Month, dayText string) (time.Time, bool) {
	year, ok := number(yearText)
	day, ok2 := number(dayText)
	if !ok || !ok2 || len(dayText) > 2 || len(yearText) != 2 && len(yearText) != 4 {
		return time.Time{}, false
	}
	return dayOf(fullYear(year, len(yearText)), m, day), true
}

// halfClock reads a time of day, also one with "AM", "PM", "a" or "p" behind it.
func halfClock(s string) (clock, bool) {
	end := strings.TrimRight(s, "AaPpMm")
	c, ok := clockTime(end)
	half := s[len(end):]
	if !ok || half == "" {
		return c, ok
	}
	pm := half[0]|0x20 == 'p'
	if c.hour < 1 || c.hour > 12 || len(half) > 2 || half[0]|0x20 == 'm' || len(half) == 2 && half[1]|0x20 != 'm' {
		return c, false
	}
	c.hour %= 12
	if pm {
		c.hour += 12
	}
	return c, true
}

// grouped returns the number in "1234" or "1,234,567", or -1.
func grouped(s string) int64 {
	if strings.IndexByte(s, ',') < 0 {
		return parseSize(s)
	}
	for i := range len(s) {
		if comma := (len(s)-i)%4 == 0; comma != (s[i] == ',') || i == 0 && comma {
			return -1
		}
	}
	return parseSize(strings.ReplaceAll(s, ",", ""))
}
