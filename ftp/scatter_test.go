package ftp

import (
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// What a server does with two uploads of one file is found out, and remembered.
func TestTryScatter(t *testing.T) {
	for name, tt := range map[string]struct {
		quirks ftptest.Quirks
		known  Trial
		why    string
	}{
		"keeps":   {ftptest.Quirks{Scatter: ftptest.ScatterKeeps}, Works, ""},
		"cuts":    {ftptest.Quirks{}, Fails, "begins no upload behind the end"},
		"grows":   {ftptest.Quirks{Scatter: ftptest.ScatterGrows}, Fails, "begins no upload behind the end"},
		"zeroes":  {ftptest.Quirks{StorZeroes: true}, Fails, "spoils what others write"},
		"shifts":  {ftptest.Quirks{Scatter: ftptest.ScatterKeeps, RESTShift: 1}, Fails, "spoils what others write"},
		"no REST": {ftptest.Quirks{Scatter: ftptest.ScatterKeeps, NoREST: true}, Fails, "does not know REST"},
		"deaf":    {ftptest.Quirks{Scatter: ftptest.ScatterKeeps, IgnoreREST: true}, Fails, "spoils what others write"},
		"one way": {ftptest.Quirks{Scatter: ftptest.ScatterKeeps, Refuse: map[string]string{"RETR": "550 No."}}, Fails, "does not show"},
		"later":   {ftptest.Quirks{Scatter: ftptest.ScatterKeeps, Refuse: map[string]string{"STOR": "450 Busy."}}, Untried, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, ftptest.Config{Tree: ftptest.NewTree(), Quirks: tt.quirks})
			m := NewMemory(Profile{})
			join := func(cfg *Config) { cfg.Memory = m }
			a, b := dial(t, s, join), dial(t, s, join)
			err := a.TryScatter(t.Context(), b, "/f")
			if known, why := b.Scatter(); known != tt.known || !strings.Contains(why, tt.why) || (err != nil) != (tt.known == Untried) {
				t.Errorf("%v %q, %v", known, why, err)
			}
			if _, err := a.Size(t.Context(), "/f"); err != nil && tt.known != Untried {
				t.Errorf("the session is of no use: %v", err)
			}
		})
	}
}

// A server that lets the second upload wait until the first has ended is not
// waited for.
func TestTryScatterLocked(t *testing.T) {
	t.Parallel()
	s := serve(t, ftptest.Config{Tree: ftptest.NewTree(), Quirks: ftptest.Quirks{Scatter: ftptest.ScatterLocks}})
	m := NewMemory(Profile{})
	join := func(cfg *Config) { cfg.Memory = m }
	a, b := dial(t, s, join), dial(t, s, join, withShort)
	if err := a.TryScatter(t.Context(), b, "/f"); err != nil {
		t.Fatal(err)
	}
	if known, why := a.Scatter(); known != Fails || !strings.Contains(why, "one upload of a file at a time") {
		t.Errorf("%v %q", known, why)
	}
	if !a.Alive() || b.Alive() {
		t.Errorf("alive: %t, %t", a.Alive(), b.Alive())
	}
}
