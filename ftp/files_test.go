package ftp

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/ftp/listing"
)

func TestFiles(t *testing.T) {
	for _, q := range []ftptest.Quirks{{}, {NoMLSD: true}, {NoMLSD: true, NoFEAT: true}, {NoMLSD: true, NoSIZE: true, NoMDTM: true}, {NoMLSD: true, ListDialect: "dos"}} {
		ctx := t.Context()
		tr, _ := tree(1000)
		s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
		c := dial(t, s)
		if err := c.MakeDir(ctx, "/new"); err != nil {
			t.Error(err)
		}
		if err := c.MakeDir(ctx, "/new"); !errors.Is(err, fs.ErrExist) {
			t.Errorf("twice: %v", err)
		}
		if err := c.Rename(ctx, "/f", "/new/g h"); err != nil {
			t.Error(err)
		}
		if e, err := c.Stat(ctx, "/new/g h"); err != nil || e.Type != listing.File || e.Size != 1000 || e.Name != "g h" {
			t.Errorf("%+v: got %+v, %v", q, e, err)
		}
		if e, err := c.Stat(ctx, "/dir"); err != nil || e.Type != listing.Dir || e.Size != -1 {
			t.Errorf("got %+v, %v", e, err)
		}
		if _, err := c.Stat(ctx, "/nothing"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%+v: got %v", q, err)
		}
		if _, err := names(ctx, c, "/nothing"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%+v: got %v", q, err)
		}
		if got, err := names(ctx, c, "/new"); err != nil || strings.Join(got, "|") != "g h" {
			t.Errorf("%+v: got %q, %v", q, got, err)
		}
		if got, err := names(ctx, c, "/dir/sub"); err != nil || len(got) != 0 {
			t.Errorf("%+v: got %q, %v", q, got, err)
		}
		if err := c.RemoveDir(ctx, "/new"); err == nil {
			t.Error("removed a directory that is not empty")
		}
		if err := errors.Join(c.Delete(ctx, "/new/g h"), c.RemoveDir(ctx, "/new")); err != nil {
			t.Error(err)
		}
		var path *fs.PathError
		if err := c.Delete(ctx, "/nothing"); !errors.As(err, &path) || path.Path != "/nothing" || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
		if tr.Exists("/new") {
			t.Error("it is still there")
		}
	}
}

func TestTimes(t *testing.T) {
	ctx := t.Context()
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr})
	c := dial(t, s)
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))
	if err := c.SetModTime(ctx, "/f", when); err != nil {
		t.Fatal(err)
	}
	if got, err := c.ModTime(ctx, "/f"); err != nil || !got.Equal(when) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := c.Chmod(ctx, "/f", 0o640); err != nil {
		t.Error(err)
	}
	s.SetQuirks(ftptest.Quirks{NoMFMT: true, NoMFF: true, NoMDTM: true, Refuse: map[string]string{"SITE": "502 no"}})
	c = dial(t, s)
	if err := c.SetModTime(ctx, "/f", when); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	for range 2 {
		if err := c.Chmod(ctx, "/f", 0o640); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
	}
	if got := unixBits(0o644 | fs.ModeSetuid | fs.ModeSticky); got != 0o5644 {
		t.Errorf("got %o", got)
	}
}

func TestOddNamesD22(t *testing.T) {
	odd := []string{"-R", "-la", "*", "[x]", " lead", "trail ", "a  b", "quo\"te", "~", "{a,b}", "ä漢", "b\xffyte"}
	for _, q := range []ftptest.Quirks{{}, {NoMLSD: true}} {
		tr := ftptest.NewTree()
		s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
		c := dial(t, s)
		ctx := t.Context()
		for _, name := range odd {
			dir := "/" + name
			if err := c.MakeDir(ctx, dir); err != nil {
				t.Errorf("%q: %v", name, err)
			}
			if err := put(ctx, c, dir+"/"+name, "x", 0); err != nil {
				t.Errorf("%q: %v", name, err)
			}
			if got, err := names(ctx, c, dir); err != nil || len(got) != 1 || got[0] != name {
				t.Errorf("%q: got %q, %v", name, got, err)
			}
			if err := errors.Join(c.Delete(ctx, dir+"/"+name), c.RemoveDir(ctx, dir)); err != nil {
				t.Errorf("%q: %v", name, err)
			}
		}
		for _, cmd := range sent(s) {
			if strings.HasPrefix(cmd, "LIST ") && cmd != "LIST -a" {
				t.Errorf("sent %q", cmd)
			}
		}
	}
}

func TestEmptyOrMissingD21(t *testing.T) {
	enter := ftptest.Exchange("CWD /d", "250 ok\r\n")
	first := ftptest.Exchange("TYPE I", "200 ok\r\n")
	// list is one listing that begins with EPSV.
	list := func(command string, more ...ftptest.Step) []ftptest.Step {
		return append([]ftptest.Step{ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect(command)}, more...)
	}
	holds := func(rows string) []ftptest.Step {
		return []ftptest.Step{ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.SendData(rows), ftptest.CloseData(), ftptest.Send("226 done\r\n")}
	}
	nothing := []ftptest.Step{ftptest.Send("150 x\r\n226 done\r\n"), ftptest.CloseData()}
	failed := []ftptest.Step{ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.CloseData(), ftptest.Send("226 Transfer done (but failed to open directory).\r\n")}
	dots := "drwxr-xr-x 2 u g 0 Jan  1  2020 .\r\ndrwxr-xr-x 2 u g 0 Jan  1  2020 ..\r\n"
	away := ftptest.Exchange("CWD /d", "550 Failed to change directory.\r\n")
	none := func(err error) bool { return err == nil }
	for _, tt := range []struct {
		name  string
		steps [][]ftptest.Step
		check func(error) bool
	}{
		{"450 no files", [][]ftptest.Step{{enter, first}, list("LIST -a", ftptest.Send("450 No files found\r\n")), list("LIST", ftptest.Send("450 No files found\r\n"))}, none},
		{"550 denied", [][]ftptest.Step{{enter, first}, list("LIST -a", ftptest.Send("550 Permission denied\r\n"))}, is(fs.ErrPermission)},
		{"226 without data", [][]ftptest.Step{{enter, first}, list("LIST -a", nothing...), list("LIST -a", nothing...), list("LIST", nothing...)}, none},
		{"226 but failed", [][]ftptest.Step{{enter, first}, list("LIST -a", failed...)}, is(fs.ErrPermission)},
		{"empty", [][]ftptest.Step{{enter, first}, list("LIST -a", holds(dots)...)}, none},
		{"missing", [][]ftptest.Step{{away, first}, list("LIST -a", holds(dots)...)}, is(fs.ErrNotExist)},
		{"not for us", [][]ftptest.Step{{away, first}, list("LIST -a", holds(dots+"drwx------ 2 u g 0 Jan  1  2020 d\r\n")...)}, is(fs.ErrPermission)},
		{"said clearly", [][]ftptest.Step{{ftptest.Exchange("CWD /d", "550 No such directory\r\n")}}, is(fs.ErrNotExist)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := script(t, append([]ftptest.Step{ftptest.Login()}, slices.Concat(tt.steps...)...)...)
			c := dial(t, s)
			got, err := names(t.Context(), c, "/d")
			if len(got) != 0 || !tt.check(err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// Names with a leading dot are listed too, where LIST can be asked for them,
// and a server that takes the option for a name is asked once.
func TestHiddenNames(t *testing.T) {
	tr := ftptest.NewTree()
	for _, p := range []string{"/d/.hidden", "/d/seen", "/e/other"} {
		tr.WriteFile(p, nil, time.Time{})
	}
	for name, tt := range map[string]struct {
		quirks ftptest.Quirks
		want   string
		lists  int
	}{
		"asked for":    {ftptest.Quirks{NoMLSD: true, HideDots: true}, ".hidden seen other", 2},
		"no options":   {ftptest.Quirks{NoMLSD: true, HideDots: true, NoListOptions: true}, "seen other", 3},
		"always there": {ftptest.Quirks{NoMLSD: true}, ".hidden seen other", 2},
	} {
		s := serve(t, ftptest.Config{Tree: tr, Quirks: tt.quirks})
		c := dial(t, s)
		var got []string
		for _, dir := range []string{"/d", "/e"} {
			n, err := names(t.Context(), c, dir)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			got = append(got, n...)
		}
		lists := 0
		for _, line := range s.Transcript() {
			if strings.Contains(line, "> LIST") {
				lists++
			}
		}
		if strings.Join(got, " ") != tt.want || lists != tt.lists {
			t.Errorf("%s: %q with %d listings", name, got, lists)
		}
	}
}

func TestListCutB15(t *testing.T) {
	tr := ftptest.NewTree()
	for i := range 2000 {
		tr.WriteFile("/d/"+strings.Repeat("n", 1+i%200)+string(rune('a'+i%26))+strings.Repeat("m", i/200), nil, time.Time{})
	}
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{CutListings: true, Drop: &ftptest.Drop{After: 3000, How: ftptest.DropReply}}})
	c := dial(t, s)
	got, err := names(t.Context(), c, "/d")
	if len(got) == 0 || !isCode(426)(err) {
		t.Errorf("got %d names, %v", len(got), err)
	}
	usable(t, c)
}

func TestListLeftEarly(t *testing.T) {
	t.Parallel()
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr})
	c := dial(t, s, withShort)
	for range c.List(t.Context(), "/") {
		break
	}
	usable(t, c) // what was left was small

	gate := make(chan struct{})
	defer close(gate)
	s.SetQuirks(ftptest.Quirks{Listing: func(string, string) io.Reader {
		return io.MultiReader(strings.NewReader(strings.Repeat("type=file; a\r\n", 30)), waits{gate})
	}})
	for range c.List(t.Context(), "/") {
		break
	}
	if c.Alive() {
		t.Error("a listing without end was left, and the session is alive")
	}
}

// waits gives nothing until its gate opens.
type waits struct{ gate <-chan struct{} }

func (w waits) Read([]byte) (int, error) {
	<-w.gate
	return 0, io.EOF
}
