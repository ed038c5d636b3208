package text

import (
	"fmt"
	"strconv"
	"time"
)

// Size returns n bytes in at most six cells: "612", "1.8K", "184.2M", "1.4G".
// It is empty for a negative n, the size that is not known.
func Size(n int64) string {
	if n < 0 {
		return ""
	}
	if n < 1024 {
		return strconv.FormatInt(n, 10)
	}
	v, unit := float64(n), -1
	for v >= 999.95 || unit < 0 {
		v /= 1024
		unit++
	}
	return fmt.Sprintf("%.1f%c", v, "KMGTPE"[unit])
}

// Rate returns bytes a second: "2.9M/s". It is empty where there is none.
func Rate(bps float64) string {
	if !(bps >= 0 && bps < 1<<62) {
		return ""
	}
	return Size(int64(bps)) + "/s"
}

// Time returns t in 11 cells, in the zone of now: "11-21 13:58" in the year of
// now, " 2025-02-11" in another one, blank when t is zero.
func Time(t, now time.Time) string {
	if t.IsZero() {
		return "           "
	}
	t = t.In(now.Location())
	switch {
	case t.Year() == now.Year():
		return t.Format("01-02 15:04")
	case t.Year() < 0 || t.Year() > 9999:
		return "          ?"
	default:
		return t.Format(" 2006-01-02")
	}
}

// Left returns a time to wait: "2:19", "1:04:10", "5 days". It is empty for a
// negative d, the time that is not known.
func Left(d time.Duration) string {
	if d < 0 {
		return ""
	}
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s >= 100*3600:
		return strconv.FormatInt(s/86400, 10) + " days"
	case s >= 3600:
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	default:
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
}
