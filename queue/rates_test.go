package queue

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestParseLimits(t *testing.T) {
	for in, want := range map[string]string{
		"":     "none",
		"none": "none", " NONE ": "none",
		"2M": "2M", "2m": "2M", "2MB/s": "2M", "2MiB": "2M", "1.5M": "1.5M", "500K": "500K", "2048": "2K", "1500": "1500", "1536": "1.5K",
		"down 2M up 500K": "down 2M up 500K", "up 500k  down 2m": "down 2M up 500K", "3M down 2M": "3M down 2M", "up 1G": "up 1G",
		"02:00-07:00 none, 10M":                     "02:00-07:00 none, 10M",
		"10M, 2:00-7:00 none":                       "02:00-07:00 none, 10M",
		"22:00-06:00 none,8:00-18:30 up 100K,1M":    "22:00-06:00 none, 08:00-18:30 up 100K, 1M",
		"08:00-24:00 1M":                            "08:00-24:00 1M",
		"00:00-12:00 1M, 12:00-00:00 down 2M up 1M": "00:00-12:00 1M, 12:00-00:00 down 2M up 1M",
	} {
		l, err := ParseLimits(in)
		if err != nil || l.String() != want {
			t.Errorf("%q: %s, %v", in, l, err)
		}
		if again, err := ParseLimits(l.String()); err != nil || fmt.Sprint(again) != fmt.Sprint(l) {
			t.Errorf("%q does not come back: %v, %v", l, again, err)
		}
	}
}

func TestParseLimitsSaysWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		"fast":                             `"fast" is no rate`,
		"0":                                "lets nothing pass",
		"-1M":                              "no rate",
		"1e3":                              "no rate",
		"nan":                              "no rate",
		".":                                "no rate",
		"K":                                "no rate",
		"500":                              "the least is 1K",
		"9999999T":                         "more than any network",
		"2M 3M":                            "two rates for both directions",
		"down":                             `after "down" is missing`,
		"down 2M down 3M":                  "two rates for down",
		"1M, 2M":                           "only one limit can do without hours",
		"1M,":                              "a comma stands between",
		"02:00-07:00":                      "the rate is missing",
		"02:00 1M":                         "lacks its end",
		"2-7 1M":                           "no rate",
		"25:00-07:00 1M":                   `"25:00" is no time of day`,
		"02:60-07:00 1M":                   "no time of day",
		"24:01-07:00 1M":                   "no time of day",
		"02:00-02:00 1M":                   "no span",
		"24:00-02:00 1M":                   "no span",
		"02:00-07:00 1M, 06:00-08:00 none": "02:00-07:00 and 06:00-08:00 overlap",
		"22:00-06:00 1M, 05:59-06:30 none": "overlap",
		strings.Repeat("00:00-24:00 1M,", 60) + "1M": "more than the 48",
	} {
		if l, err := ParseLimits(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", in, l, err, want)
		}
	}
}

func FuzzParseLimits(f *testing.F) {
	for _, s := range []string{"2M", "down 2M up 500K", "02:00-07:00 none, 10M", "22:00-06:00 1.25G, 08:00-18:30 up 100K"} {
		f.Add(s, int64(1_800_000_000))
	}
	f.Fuzz(func(t *testing.T, s string, unix int64) {
		l, err := ParseLimits(s)
		if err != nil {
			if len(err.Error()) > len(s)*4+200 {
				t.Errorf("%q", err)
			}
			return
		}
		again, err := ParseLimits(l.String())
		if err != nil || again.String() != l.String() {
			t.Fatalf("%q is %q, then %q: %v", s, l, again, err)
		}
		now := time.Unix(unix%4e9, 0)
		r, until := l.At(now)
		if r2, _ := again.At(now); r2 != r {
			t.Fatalf("%q: %v and %v", s, r, r2)
		}
		if !until.IsZero() && (!until.After(now) || until.Sub(now) > 26*time.Hour) {
			t.Fatalf("%q at %v: until %v", s, now, until)
		}
	})
}

func TestLimitsOverTheDay(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here: ", err)
	}
	l, err := ParseLimits("22:00-06:00 none, 06:00-08:00 2M, 12:00-13:00 3M, 1M")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ now, rate, until string }{
		{"2026-06-01 23:30", "none", "2026-06-02 06:00"},
		{"2026-06-02 00:00", "none", "2026-06-02 06:00"},
		{"2026-06-02 06:00", "2M", "2026-06-02 08:00"},
		{"2026-06-02 11:59", "1M", "2026-06-02 12:00"},
		{"2026-06-02 12:00", "3M", "2026-06-02 13:00"},
		{"2026-06-02 21:59", "1M", "2026-06-02 22:00"},
		{"2026-03-29 01:59", "none", "2026-03-29 06:00"}, // one hour less
		{"2026-10-25 01:00", "none", "2026-10-25 06:00"}, // one hour more
	} {
		now, _ := time.ParseInLocation("2006-01-02 15:04", c.now, zone)
		r, until := l.At(now)
		if r.String() != c.rate || until.Format("2006-01-02 15:04") != c.until {
			t.Errorf("%s: %s until %s", c.now, r, until)
		}
	}
	twice, err := ParseLimits("02:30-02:45 1M")
	if err != nil {
		t.Fatal(err)
	}
	for m := range 600 { // through the night in which an hour comes twice
		now := time.Date(2026, 10, 24, 22, m, 30, 0, time.UTC).In(zone)
		if _, until := twice.At(now); !until.After(now) {
			t.Errorf("%v: until %v", now, until)
		}
	}
}

// No timer says that somebody set the clock: it is looked at now and then.
func TestTheClockIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(Options{})
		defer q.Close()
		var set atomic.Int64
		q.limit.wall = func() time.Time { return epoch.Add(time.Duration(set.Load())) }
		l, err := ParseLimits("02:00-07:00 5M, 10M")
		if err != nil {
			t.Fatal(err)
		}
		q.Limit(l)
		q.mu.Lock()
		q.list.runs[&job{x: &extra{run: &run{}}}] = true // something is at work
		q.mu.Unlock()
		q.Limit(l)
		set.Store(int64(3 * time.Hour))
		time.Sleep(limitLook + time.Second)
		q.limit.mu.Lock()
		r := q.limit.rates
		q.limit.mu.Unlock()
		if r.All != 5<<20 {
			t.Errorf("%v", r)
		}
		q.mu.Lock()
		clear(q.list.runs)
		q.mu.Unlock()
	})
}

// Without a limit nothing is allocated for a chunk, and nobody is asked.
func TestNoLimitCostsNothing(t *testing.T) {
	l := newLimiter()
	f := l.join(true, false)
	defer f.end()
	if n := testing.AllocsPerRun(100, func() {
		if n, err := f.take(t.Context(), 1000); n != 1000 || err != nil {
			t.Error(n, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
