package ftp

import (
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// The time comes along with the bytes: MDTM goes out in front of RETR where the
// server bears that, in both modes, and for what is asked for ahead too.
func TestRetrDated(t *testing.T) {
	stamp := time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, tt := range []struct {
		name, greeting string
		mode           Mode
		quirks         ftptest.Quirks
		want           time.Time
		sent           string // among others; "": no MDTM
	}{
		{"passive", known, Passive, ftptest.Quirks{}, stamp, "EPSV MDTM /a RETR /a EPSV MDTM /b RETR /b EPSV"},
		{"active", known, Active, ftptest.Quirks{}, stamp, "MDTM /a RETR /a MDTM /b PORT"},
		{"not known", "220 hi\r\n", Passive, ftptest.Quirks{}, time.Time{}, ""},
		{"no MDTM", known, Passive, ftptest.Quirks{NoMDTM: true}, time.Time{}, ""},
		{"refused", known, Active, ftptest.Quirks{Refuse: map[string]string{"MDTM": "550 Not now."}}, time.Time{}, "MDTM /a RETR /a MDTM /b PORT"},
		{"nonsense", known, Passive, ftptest.Quirks{Refuse: map[string]string{"MDTM": "213 yesterday"}}, time.Time{}, "MDTM /a RETR /a EPSV MDTM /b RETR /b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr, _ := tree(10)
			for _, name := range []string{"/a", "/b", "/c"} {
				tr.WriteFile(name, []byte("data"), stamp)
			}
			q := tt.quirks
			q.Greeting = tt.greeting
			s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
			c := dial(t, s, func(cfg *Config) { cfg.Mode = tt.mode })
			for i, name := range []string{"/a", "/b", "/c"} {
				if next := []string{"/b", "/c", ""}[i]; next != "" {
					c.Announce(next)
				}
				d, err := c.RetrDated(t.Context(), name)
				if err != nil {
					t.Fatal(err)
				}
				var data strings.Builder
				if _, err := d.WriteTo(&data); err != nil || data.String() != "data" {
					t.Errorf("%s: %q, %v", name, data.String(), err)
				}
				if err := d.Close(); err != nil || !d.ModTime().Equal(tt.want) {
					t.Errorf("%s: %v, %v", name, d.ModTime(), err)
				}
			}
			if _, err := c.RetrDated(t.Context(), "/none"); err == nil {
				t.Error("a file that is not there was opened")
			}
			if got, err := get(t.Context(), c, "/a", 0); err != nil || got != "data" {
				t.Errorf("%q, %v", got, err)
			}
			usable(t, c)
			sent := strings.Join(talk(s), " ")
			if !strings.Contains(sent, tt.sent) {
				t.Errorf("sent %s", sent)
			}
			if tt.sent == "" && strings.Contains(sent, "MDTM") {
				t.Errorf("asked in vain: %s", sent)
			}
		})
	}
}
