package ftp

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portside/ftp/ftptest"
)

// land uploads to /.part and lands it at /final; it returns the commands that
// landed it.
func land(t *testing.T, s *ftptest.Server, c *Conn, change func(*Landing)) ([]string, error) {
	t.Helper()
	if err := put(t.Context(), c, "/.part", "data", 0); err != nil {
		t.Fatal(err)
	}
	before := len(sent(s))
	l := Landing{Path: "/.part", Size: 4, Time: time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC), Final: "/final"}
	change(&l)
	err := c.Land(t.Context(), l)
	return sent(s)[before:], err
}

// An upload becomes whole in two packets, and nothing is renamed whose size is
// wrong or whose name is taken.
func TestLand(t *testing.T) {
	const set = "MFMT 20240203040506 /.part"
	old := errors.New("the old file is gone")
	for _, tt := range []struct {
		name   string
		quirks ftptest.Quirks
		taken  bool
		change func(*Landing)
		want   []string
		err    error
	}{
		{name: "all", want: []string{"SIZE /.part", set, "SIZE /final", "RNFR /.part", "RNTO /final"}},
		{name: "nothing", change: func(l *Landing) { *l = Landing{Path: "/.part", Size: -1} }},
		{name: "size alone", change: func(l *Landing) { *l = Landing{Path: "/.part", Size: 4, Final: "/.part"} }, want: []string{"SIZE /.part"}},
		{name: "wrong size", change: func(l *Landing) { l.Size = 5 }, want: []string{"SIZE /.part", set, "SIZE /final"}, err: &SizeError{Path: "/.part", Got: 4, Want: 5}},
		{name: "taken", taken: true, want: []string{"SIZE /.part", set, "SIZE /final"}, err: fs.ErrExist},
		{name: "replaced", taken: true, change: func(l *Landing) { l.Replace = true }, want: []string{"SIZE /.part", set, "RNFR /.part", "RNTO /final"}},
		{name: "not replaced by the server", quirks: ftptest.Quirks{NoReplace: true}, taken: true, change: func(l *Landing) { l.Replace = true },
			want: []string{"SIZE /.part", set, "RNFR /.part", "RNTO /final", "RNFR /final", "RNTO /.part.old", "RNFR /.part", "RNTO /final", "DELE /.part.old"}},
		{name: "nor by anybody", quirks: ftptest.Quirks{Refuse: map[string]string{"RNTO": "553 Not this name."}}, taken: true, change: func(l *Landing) { l.Replace = true },
			want: []string{"SIZE /.part", set, "RNFR /.part", "RNTO /final", "RNFR /final", "RNTO /.part.old"}, err: old},
		{name: "no deleting", quirks: ftptest.Quirks{NoReplace: true, Refuse: map[string]string{"DELE": "550 Permission denied."}}, taken: true,
			change: func(l *Landing) { l.Replace = true }, want: []string{"SIZE /.part", set, "RNFR /.part", "RNTO /final", "RNFR /final", "RNTO /.part.old", "RNFR /.part", "RNTO /final", "DELE /.part.old"}},
		{name: "no renaming", quirks: ftptest.Quirks{Refuse: map[string]string{"RNFR": "550 No."}},
			want: []string{"SIZE /.part", set, "SIZE /final", "RNFR /.part", "RNTO /final"}, err: old},
		{name: "no SIZE", quirks: ftptest.Quirks{NoSIZE: true}, want: []string{"SIZE /.part", set, "SIZE /final", "MLST /final", "RNFR /.part", "RNTO /final"}},
		{name: "taken, and no SIZE", quirks: ftptest.Quirks{NoSIZE: true}, taken: true, want: []string{"SIZE /.part", set, "SIZE /final", "MLST /final"}, err: fs.ErrExist},
		{name: "busy", quirks: ftptest.Quirks{Refuse: map[string]string{"SIZE": "450 Busy."}}, want: []string{"SIZE /.part", set, "SIZE /final"}, err: old},
		{name: "another way to set times", quirks: ftptest.Quirks{NoMFMT: true, NoMDTM: true},
			want: []string{"SIZE /.part", "MFF Modify=20240203040506; /.part", "SIZE /final", "RNFR /.part", "RNTO /final"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr := ftptest.NewTree()
			if tt.taken {
				tr.WriteFile("/final", []byte("old"), time.Time{})
			}
			s := serve(t, ftptest.Config{Tree: tr, Quirks: tt.quirks})
			c := dial(t, s)
			if tt.change == nil {
				tt.change = func(*Landing) {}
			}
			got, err := land(t, s, c, tt.change)
			var size *SizeError
			switch {
			case (err == nil) != (tt.err == nil),
				errors.Is(tt.err, fs.ErrExist) && !errors.Is(err, fs.ErrExist),
				errors.As(tt.err, new(*SizeError)) && (!errors.As(err, &size) || *size != *tt.err.(*SizeError)):
				t.Errorf("got %v, want %v", err, tt.err)
			}
			if len(got) < len(tt.want) || !slices.Equal(got[:len(tt.want)], tt.want) {
				t.Errorf("sent %q, want %q", got, tt.want)
			}
			data, _ := tr.ReadFile("/final")
			if whole := string(data) == "data"; whole != (err == nil && slices.Contains(got, "RNTO /final")) {
				t.Errorf("the file at its final name is %q, and the error %v", data, err)
			}
			if tt.taken && err != nil && string(data) != "old" {
				t.Errorf("the old file is %q", data)
			}
			usable(t, c)
		})
	}
}

// Where SIZE is refused for a file that is there, and times cannot be set, no
// further upload of the session asks for them.
func TestLandLearns(t *testing.T) {
	tr := ftptest.NewTree()
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Refuse: map[string]string{
		"SIZE": "550 Not for you.", "MFMT": "550 No.", "MFF": "550 No.", "MDTM": "550 No.", "SITE": "550 No."}}})
	c := dial(t, s)
	if _, err := land(t, s, c, func(*Landing) {}); err != nil {
		t.Fatal(err)
	}
	got, err := land(t, s, c, func(l *Landing) { l.Final = "/second" })
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range got {
		if strings.HasPrefix(cmd, "SIZE") || strings.HasPrefix(cmd, "MFMT") || strings.HasPrefix(cmd, "SITE") {
			t.Errorf("asked again: %s", cmd)
		}
	}
	// what hides uploads says nothing of the next one
	s = serve(t, ftptest.Config{Quirks: ftptest.Quirks{Refuse: map[string]string{"SIZE": "550 No such file."}}})
	c = dial(t, s)
	for _, name := range []string{"/a", "/b"} {
		got, err := land(t, s, c, func(l *Landing) { l.Final = name })
		if err != nil || !slices.Contains(got, "SIZE /.part") {
			t.Errorf("behind a server that hides uploads: %q, %v", got, err)
		}
	}
}

func TestMaskAccount(t *testing.T) {
	c := &Conn{cfg: Config{User: "u", Password: "pass", Account: "acc0unt"}}
	if got, want := c.mask("530 acc0unt of u: pass is wrong"), "530 "+hidden+" of u: "+hidden+" is wrong"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The name in use is found out by other means where SIZE says nothing.
func TestLandTaken(t *testing.T) {
	tr := ftptest.NewTree()
	tr.WriteFile("/final", []byte("old"), time.Time{})
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Refuse: map[string]string{"SIZE": "550 Not for you."}}})
	c := dial(t, s)
	if _, err := land(t, s, c, func(l *Landing) { l.Final = "/first" }); err != nil {
		t.Fatal(err)
	}

	if _, err := land(t, s, c, func(*Landing) {}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto a name that is taken: %v", err)
	}
}

// Where the server bears it, a look without MLST takes one packet, and says
// the same as one command after the other.
func TestStatBurst(t *testing.T) {
	tr, _ := tree(100)
	quirks := ftptest.Quirks{NoMLSD: true}
	var looks [2]map[string]string
	for i, greeting := range []string{"220 Hello\r\n", known} {
		quirks.Greeting = greeting
		c := dial(t, serve(t, ftptest.Config{Tree: tr, Quirks: quirks}))
		looks[i] = map[string]string{}
		for _, path := range []string{"/f", "/empty", "/dir", "/dir/sub", "/none", "/f/x"} {
			e, err := c.Stat(t.Context(), path)
			looks[i][path] = fmt.Sprint(e.Type, e.Size, e.Time.UTC(), errors.Is(err, fs.ErrNotExist), err == nil)
		}
		if got, err := names(t.Context(), c, "/dir"); err != nil || !slices.Equal(got, []string{"sub"}) {
			t.Errorf("the listing behind it: %q, %v", got, err)
		}
	}
	if d := cmp.Diff(looks[0], looks[1]); d != "" {
		t.Errorf("-one by one +at once\n%s", d)
	}
}

// The old file stays where the new one is not there to be renamed.
func TestLandKeepsOldFile(t *testing.T) {
	tr := ftptest.NewTree()
	tr.WriteFile("/final", []byte("old"), time.Time{})
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Refuse: map[string]string{"RNFR": "550 No such file."}}})
	c := dial(t, s)
	if _, err := land(t, s, c, func(l *Landing) { l.Replace = true }); err == nil {
		t.Error("it landed")
	}
	if data, _ := tr.ReadFile("/final"); string(data) != "old" {
		t.Errorf("the old file is %q", data)
	}
}
