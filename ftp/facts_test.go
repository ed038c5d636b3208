package ftp

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

func TestSetFacts(t *testing.T) {
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, tt := range []struct {
		name string
		q    ftptest.Quirks
		want string // the commands
		err  error
	}{
		{"both at once", ftptest.Quirks{}, "MFF Modify=20010203040506;UNIX.mode=0640; /f", nil},
		{"one by one", ftptest.Quirks{NoMFF: true}, "MFMT 20010203040506 /f|SITE CHMOD 640 /f", nil},
		{"by MDTM", ftptest.Quirks{NoMFF: true, NoMFMT: true}, "MDTM 20010203040506 /f|SITE CHMOD 640 /f", nil},
		{"MFF is a lie", ftptest.Quirks{Refuse: map[string]string{"MFF": "504 no"}}, "MFF Modify=20010203040506;UNIX.mode=0640; /f|MFMT 20010203040506 /f|SITE CHMOD 640 /f", nil},
		{"no bits", ftptest.Quirks{NoMFF: true, Refuse: map[string]string{"SITE": "502 no"}}, "MFMT 20010203040506 /f|SITE CHMOD 640 /f", errors.ErrUnsupported},
		{"refused", ftptest.Quirks{Refuse: map[string]string{"MFF": "550 permission denied"}}, "MFF Modify=20010203040506;UNIX.mode=0640; /f", fs.ErrPermission},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr, _ := tree(10)
			s := serve(t, ftptest.Config{Tree: tr, Quirks: tt.q})
			c := dial(t, s)
			before := len(sent(s))
			err := c.SetFacts(t.Context(), "/f", Facts{Time: when, Mode: 0o640, HasMode: true})
			if !errors.Is(err, tt.err) {
				t.Errorf("got %v", err)
			}
			if got := strings.Join(sent(s)[before:], "|"); got != tt.want {
				t.Errorf("sent %s", got)
			}
			e, err := c.Stat(t.Context(), "/f")
			if tt.err == nil && (err != nil || !e.Time.Equal(when) || e.Mode != 0o640) {
				t.Errorf("got %+v, %v", e, err)
			}
			usable(t, c)
		})
	}
}

// What a server does not know is asked once in a session, form by form.
func TestSetTimeLastWays(t *testing.T) {
	s := script(t, ftptest.Login(),
		ftptest.Exchange("MFMT 20010203040506 /a", "502 no\r\n"), ftptest.Exchange("MFF Modify=20010203040506; /a", "500 no\r\n"),
		ftptest.Exchange("MDTM 20010203040506 /a", "550 20010203040506 /a: no such file\r\n"),
		ftptest.Exchange("SITE UTIME 20010203040506 /a", "501 wrong number of arguments\r\n"),
		ftptest.Exchange("SITE UTIME /a 20010203040506 20010203040506 20010203040506 UTC", "200 set\r\n"),
		ftptest.Exchange("MDTM 20010203040506 /b", "501 no\r\n"), ftptest.Exchange("SITE UTIME /b 20010203040506 20010203040506 20010203040506 UTC", "200 set\r\n"),
		ftptest.Exchange("SITE UTIME /c 20010203040506 20010203040506 20010203040506 UTC", "500 gone\r\n"),
	)
	c := dial(t, s)
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for path, want := range map[string]error{"/a": nil} {
		if err := c.SetModTime(t.Context(), path, when); !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := c.SetModTime(t.Context(), "/b", when); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := c.SetModTime(t.Context(), "/c", when); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
	}
}

// MFF lists what it changed: the rest is set by other commands.
func TestSetFactsInPart(t *testing.T) {
	s := script(t, ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "230 in\r\n"),
		ftptest.Exchange("FEAT", "211-x\r\n MFF Modify;UNIX.mode;\r\n211 end\r\n"), ftptest.Exchange("PWD", "257 \"/\"\r\n"),
		ftptest.Exchange("MFF *", "213 Modify=20010203040506; /f\r\n"), ftptest.Exchange("SITE CHMOD 4755 /f", "200 ok\r\n"))
	c := dial(t, s)
	if err := c.SetFacts(t.Context(), "/f", Facts{Time: time.Unix(1e9, 0), Mode: 0o755 | fs.ModeSetuid, HasMode: true}); err != nil {
		t.Error(err)
	}
}

func TestSymlink(t *testing.T) {
	s := script(t, ftptest.Login(), ftptest.Exchange(`SITE SYMLINK "../a a" /b`, "200 made\r\n"), ftptest.Exchange("SITE SYMLINK a /c", "550 exists\r\n"),
		ftptest.Exchange("SITE SYMLINK a /d", "504 no\r\n"))
	c := dial(t, s)
	if err := c.Symlink(t.Context(), "../a a", "/b"); err != nil {
		t.Error(err)
	}
	if err := c.Symlink(t.Context(), "", "/c"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("no target: %v", err)
	}
	if err := c.Symlink(t.Context(), "a", "/c"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("there already: %v", err)
	}
	for range 2 {
		if err := c.Symlink(t.Context(), "a", "/d"); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
	}
}
