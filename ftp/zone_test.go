package ftp

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/ftp/listing"
)

// listed returns the entries of a directory by name.
func listed(t *testing.T, c *Conn, dir string) map[string]listing.Entry {
	t.Helper()
	out := map[string]listing.Entry{}
	for e, err := range c.List(t.Context(), dir) {
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name] = e
	}
	return out
}

// countVerb returns how often a command was sent.
func countVerb(s server, verb string) (n int) {
	for _, cmd := range sent(s) {
		if v, _, _ := strings.Cut(cmd, " "); v == verb {
			n++
		}
	}
	return n
}

// zonedServer lists times of a zone, without MLSD. Every file is of the last
// days, but for one of half a year ago.
func zonedServer(t *testing.T, ahead time.Duration, q ftptest.Quirks) (*ftptest.Server, time.Time) {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Minute).Add(-50*time.Hour + 17*time.Second)
	tr := ftptest.NewTree()
	tr.WriteFile("/d/a", []byte("1"), at)
	tr.WriteFile("/d/b", []byte("1"), at.Add(-time.Hour))
	tr.WriteFile("/d/old", []byte("1"), at.AddDate(-1, 0, 0))
	tr.Mkdir("/d/sub")
	tr.WriteFile("/e/c", []byte("1"), at)
	q.NoMLSD, q.Zone = true, time.FixedZone("there", int(ahead/time.Second))
	return serve(t, ftptest.Config{Tree: tr, Quirks: q}), at
}

// D19: LIST tells the server's own time; what it is ahead of UTC is learned
// from one MDTM and kept for all sessions.
func TestZoneIsLearnedD19(t *testing.T) {
	for _, ahead := range []time.Duration{0, 2 * time.Hour, -(9*time.Hour + 30*time.Minute), 5*time.Hour + 45*time.Minute, 14 * time.Hour, -12 * time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			s, at := zonedServer(t, ahead, ftptest.Quirks{})
			memory := NewMemory(Profile{})
			with := func(cfg *Config) { cfg.Memory = memory }
			for i := range 2 {
				c := dial(t, s, with)
				rows := listed(t, c, "/d")
				if e := rows["a"]; !e.Time.Equal(at.Truncate(time.Minute)) || !e.Zoned || e.Precision != listing.Minute {
					t.Errorf("session %d: a is of %v, not %v", i, e.Time, at)
				}
				if e := rows["old"]; e.Precision != listing.Day || e.Zoned {
					t.Errorf("a date without a time of day was moved: %+v", e)
				}
				if e := listed(t, c, "/e")["c"]; !e.Time.Equal(at.Truncate(time.Minute)) {
					t.Errorf("session %d: c is of %v", i, e.Time)
				}
			}
			if p := memory.Profile(); !p.ZoneKnown || p.Zone != ahead {
				t.Errorf("learned %v, %v", p.Zone, p.ZoneKnown)
			}
			if n := countVerb(s, "MDTM"); n != 1 {
				t.Errorf("%d MDTM", n)
			}
		})
	}
}

// A zone that was kept from an earlier run counts at once, and is renewed.
func TestZoneOfAnEarlierRunD19(t *testing.T) {
	s, at := zonedServer(t, 2*time.Hour, ftptest.Quirks{})
	memory := NewMemory(Profile{ZoneKnown: true, Zone: time.Hour}) // winter time
	c := dial(t, s, func(cfg *Config) { cfg.Memory = memory })
	if e := listed(t, c, "/d")["a"]; !e.Time.Equal(at.Truncate(time.Minute).Add(time.Hour)) {
		t.Errorf("at first %v", e.Time)
	}
	if e := listed(t, c, "/d")["a"]; !e.Time.Equal(at.Truncate(time.Minute)) {
		t.Errorf("then %v, not %v", e.Time, at)
	}
}

// What an MDTM cannot prove changes nothing, and is not asked for ever.
func TestZoneStaysUnknownD20(t *testing.T) {
	for name, c := range map[string]struct {
		q    ftptest.Quirks
		mdtm int
	}{
		"refused":       {ftptest.Quirks{Refuse: map[string]string{"MDTM": "550 No."}}, 2},
		"not known":     {ftptest.Quirks{NoMDTM: true}, 0},
		"not a quarter": {ftptest.Quirks{Refuse: map[string]string{"MDTM": "213 20010203040506"}}, 2},
		"nonsense":      {ftptest.Quirks{Refuse: map[string]string{"MDTM": "213 yesterday"}}, 2},
	} {
		s, at := zonedServer(t, 2*time.Hour, c.q)
		memory := NewMemory(Profile{})
		conn := dial(t, s, func(cfg *Config) { cfg.Memory = memory })
		for range 3 {
			if e := listed(t, conn, "/d")["a"]; !e.Time.Equal(at.Truncate(time.Minute).Add(2*time.Hour)) || e.Zoned {
				t.Errorf("%s: %+v", name, e)
			}
		}
		if n := countVerb(s, "MDTM"); n != c.mdtm || memory.Profile().ZoneKnown {
			t.Errorf("%s: %d MDTM, %+v", name, n, memory.Profile())
		}
		usable(t, conn)
	}
}

func TestZoneOf(t *testing.T) {
	utc := time.Date(2026, 3, 1, 12, 0, 17, 0, time.UTC)
	for _, c := range []struct {
		ahead time.Duration
		zone  time.Duration
		ok    bool
	}{
		{0, 0, true}, {-17 * time.Second, 0, true}, {time.Second, 0, true},
		{-59 * time.Second, 0, true}, {-2 * time.Minute, 0, false}, {2 * time.Minute, 0, false}, {7 * time.Minute, 0, false},
		{2*time.Hour - 30*time.Second, 2 * time.Hour, true}, {-9*time.Hour - 30*time.Minute - 59*time.Second, -9*time.Hour - 30*time.Minute, true},
		{26 * time.Hour, 26 * time.Hour, true}, {26*time.Hour + 15*time.Minute, 0, false}, {-365 * 24 * time.Hour, 0, false},
	} {
		if zone, ok := zoneOf(listing.Entry{Time: utc.Add(c.ahead)}, utc); ok != c.ok || ok && zone != c.zone {
			t.Errorf("%v ahead: %v, %v", c.ahead, zone, ok)
		}
	}
	if _, ok := zoneOf(listing.Entry{Time: utc}, time.Time{}); ok {
		t.Error("no time at all proves a zone")
	}
}

// A long listing shows its first rows before it is over; its times are as they
// came, and the next one is right.
func TestZoneOfALongListing(t *testing.T) {
	const rows = maxHeld + 500
	at := time.Now().UTC().Truncate(time.Minute).Add(-50 * time.Hour)
	gate := make(chan struct{})
	tr := ftptest.NewTree()
	tr.WriteFile("/d/f0", nil, at)
	long := func(string, string) io.Reader {
		read, write := io.Pipe()
		// It ends with the reader, which the server closes or reads to its end.
		go func() {
			for i := range rows {
				if i == maxHeld+2 {
					<-gate
				}
				if _, err := fmt.Fprintf(write, "-rw-r--r-- 1 a b 1 %s f%d\r\n", at.Add(2*time.Hour).Format("Jan _2 15:04"), i); err != nil {
					return
				}
			}
			_ = write.Close()
		}()
		return read
	}
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoMLSD: true, Listing: long}})
	c := dial(t, s)
	n := 0
	for e, err := range c.List(t.Context(), "/d") {
		if err != nil || !e.Time.Equal(at.Add(2*time.Hour)) {
			t.Fatal(e.Time, err)
		}
		if n++; n == maxHeld {
			close(gate)
		}
	}
	if n != rows {
		t.Errorf("%d rows", n)
	}
	if e := listed(t, c, "/d")["f7"]; !e.Time.Equal(at) {
		t.Errorf("the next time %v, not %v", e.Time, at)
	}
}

// A caller that wants no more gets no more, and no MDTM is sent for it.
func TestZoneAndACallerThatStops(t *testing.T) {
	s, _ := zonedServer(t, time.Hour, ftptest.Quirks{})
	c := dial(t, s)
	for range c.List(t.Context(), "/d") {
		break
	}
	usable(t, c)
	listed(t, c, "/d")
}

// FuzzModTime: whatever MDTM answers is a time that is told alike, or none.
func FuzzModTime(f *testing.F) {
	for _, s := range []string{"20240203040506", "20240203040506.123", "191040203040506", "19100", "20240203040506 name", "", " 2024"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := parseModTime(text)
		if !ok {
			return
		}
		if at.Year() < 0 || at.Year() > 9999 || at.Location() != time.UTC {
			t.Fatalf("%q is %v", text, at)
		}
		if again, ok := parseModTime(at.Format(mtimeLayout)); !ok || !again.Equal(at.Truncate(time.Second)) {
			t.Fatalf("%q is %v, and that %v", text, at, again)
		}
		zoneOf(listing.Entry{Time: at}, at)
	})
}

// FuzzFeatures: the lines between the first and the last of FEAT, whatever they
// hold, are few and in upper case.
func FuzzFeatures(f *testing.F) {
	f.Add("211-Features:\n MLST size*;\n utf8\n211 End")
	f.Add("211 none")
	f.Add("211-\n211-UTF8\n \n211")
	f.Fuzz(func(t *testing.T, text string) {
		features := parseFeatures(reply{code: 211, lines: strings.Split("211"+strings.TrimPrefix(text, "211"), "\n")})
		if !features.Known() || len(features.args) > maxFeatures {
			t.Fatalf("%d features", len(features.args))
		}
		for name := range features.args {
			if name == "" || name != strings.ToUpper(name) || strings.ContainsAny(name, " \n") || !features.Has(strings.ToLower(name)) && isASCII(name) {
				t.Fatalf("feature %q", name)
			}
		}
	})
}

func TestNewestFilesTellTheZone(t *testing.T) {
	k := &clock{learns: true, yield: func(listing.Entry) bool { return true }}
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i, h := range []int{5, 1, 9, 7, 2} {
		k.take(listing.Entry{Name: fmt.Sprint(i), Time: day.Add(time.Duration(h) * time.Hour), Precision: listing.Minute})
	}
	k.take(listing.Entry{Name: "dir", Type: listing.Dir, Time: day.Add(99 * time.Hour)})
	k.take(listing.Entry{Name: "zoned", Zoned: true, Time: day.Add(99 * time.Hour)})
	k.take(listing.Entry{Name: "day", Precision: listing.Day, Time: day.Add(99 * time.Hour)})
	if got := []string{k.newest[0].Name, k.newest[1].Name}; !slices.Equal(got, []string{"2", "3"}) {
		t.Error(got)
	}
}

// D18: what the server calls today is by its own clock.
func TestTodayOfTheServerD18(t *testing.T) {
	for _, zone := range []time.Duration{0, 14 * time.Hour, -12 * time.Hour} {
		k := &clock{zone: zone}
		if off := k.now().Sub(time.Now().UTC()) - zone; off.Abs() > time.Minute {
			t.Errorf("in a zone of %v now is %v", zone, k.now())
		}
	}
	if off := time.Until((*clock)(nil).now()); off.Abs() > time.Minute {
		t.Errorf("without a zone %v off", off)
	}
}
