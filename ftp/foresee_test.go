package ftp

import (
	"crypto/tls"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portside/ftp/ftptest"
)

// landed puts data at l.Path and lands it.
func landed(t *testing.T, c *Conn, l Landing, data string) error {
	t.Helper()
	u, err := c.Put(t.Context(), l)
	if err != nil {
		return err
	}
	_, err = io.WriteString(u, data)
	if err = errors.Join(err, u.Close()); err != nil {
		return err
	}
	return c.Land(t.Context(), l)
}

// part is the landing of an upload of four bytes under a name of its own.
func part(name string) Landing {
	return Landing{Path: "/." + name, Size: 4, Time: time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC), Final: "/" + name}
}

// What Land asks goes out behind STOR, and the data connection of the next
// upload is there when it begins.
func TestPut(t *testing.T) {
	cfg, roots, err := ftptest.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		secure := i%2 == 1
		server := ftptest.Config{Quirks: ftptest.Quirks{Greeting: known}}
		change := func(*Config) {}
		if secure {
			server.TLS, server.ReuseRequired = cfg, true
			change = func(cfg *Config) { cfg.Security, cfg.TLS = Explicit, &tls.Config{RootCAs: roots} }
		}
		s := serve(t, server)
		c := dial(t, s, change, func(cfg *Config) { cfg.afar = i >= 2 })
		want := []string{"EPSV"}
		for _, name := range []string{"a", "b", "c"} {
			l := part(name)
			l.Mode = 0o640
			if err := landed(t, c, l, "data"); err != nil {
				t.Fatal(err)
			}
			if got, _ := s.Tree().ReadFile("/" + name); string(got) != "data" {
				t.Errorf("%s holds %q", name, got)
			}
			want = append(want, "STOR /."+name, "EPSV", "SIZE /."+name, "MFMT 20240203040506 /."+name,
				"SITE CHMOD 640 /."+name, "SIZE /"+name, "RNFR /."+name, "RNTO /"+name)
		}
		usable(t, c)
		if d := cmp.Diff(append(want, "NOOP"), talk(s)); d != "" {
			t.Errorf("TLS %v: -want +got\n%s", secure, d)
		}
	}
}

// Where it is not known to be borne, or not worth it, nothing goes out behind
// STOR: behind long names, behind big files, at other servers.
func TestPutSpared(t *testing.T) {
	deep := "/" + strings.Repeat("d", 200) + "/" + strings.Repeat("e", 200)
	for name, tt := range map[string]struct {
		greeting string
		landing  Landing
		data     string
	}{
		"unknown":   {"220 Hello\r\n", part("a"), "data"},
		"long name": {known, Landing{Path: deep + "/.a", Final: deep + "/a", Size: 4, Time: time.Unix(1e9, 0)}, "data"},
		"big":       {known, Landing{Path: "/.a", Final: "/a", Size: bookBelow}, strings.Repeat("x", bookBelow)},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Greeting: tt.greeting}})
			c := dial(t, s)
			for _, dir := range []string{deep[:201], deep} {
				if err := c.MakeDir(t.Context(), dir); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				u, err := c.Put(t.Context(), tt.landing)
				if err != nil {
					t.Fatal(err)
				}
				if _, err = io.WriteString(u, tt.data); err != nil || u.Close() != nil {
					t.Fatal(err)
				}
				for _, cmd := range sent(s) {
					if strings.HasPrefix(cmd, "SIZE") {
						t.Fatalf("%s before the verdict was heard", cmd)
					}
				}
			}
			if err := c.Land(t.Context(), tt.landing); err != nil {
				t.Error(err)
			}
			if got, _ := s.Tree().ReadFile(tt.landing.Final); string(got) != tt.data {
				t.Errorf("%d bytes have the name", len(got))
			}
		})
	}
}

// answers are what a server says to an upload and to what came behind it.
type answers struct{ start, verdict, epsv, size, time, name, from, to string }

// play is a script of one upload that is answered so. An answer that is "cut"
// ends the connection.
func (a answers) play() []ftptest.Step {
	steps := []ftptest.Step{
		ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"),
	}
	for _, cmd := range []string{"STOR /.a", "EPSV", "SIZE /.a", "MFMT *", "SIZE /a"} {
		steps = append(steps, ftptest.Expect(cmd))
	}
	say := func(line string) {
		switch line {
		case "cut":
			steps = append(steps, ftptest.Hangup())
		case "":
		default:
			steps = append(steps, ftptest.Send(line+"\r\n"))
		}
	}
	if say(a.start); strings.HasPrefix(a.start, "1") {
		steps = append(steps, ftptest.Connect(), ftptest.ReadData(func([]byte, error) {}), ftptest.CloseData())
	}
	for _, line := range []string{a.verdict, a.epsv, a.size, a.time, a.name} {
		say(line)
	}
	if a.from != "" {
		steps = append(steps, ftptest.Expect("RNFR /.a"), ftptest.Expect("RNTO /a"))
		say(a.from)
		say(a.to)
	}
	return steps
}

// good is what a server says when all goes well.
func good() answers {
	return answers{"150 Go.", "226 Done.", "550 No.", "213 4", "213 Set.", "550 No such file.", "350 Go on.", "250 Renamed."}
}

// Whatever of it is refused, nothing but a whole file gets the name, and the
// session is over where nobody can tell to what a reply belongs.
func TestPutRefused(t *testing.T) {
	const fine, refused, gone = "fine", "refused", "gone"
	for name, tt := range map[string]struct {
		change func(a *answers)
		ends   string
		named  bool // a name is asked for
	}{
		"all well":          {func(*answers) {}, fine, true},
		"STOR":              {func(a *answers) { a.start, a.verdict, a.from = "553 Not here.", "", "" }, refused, false},
		"STOR, for now":     {func(a *answers) { a.start, a.verdict, a.from = "450 Busy.", "", "" }, refused, false},
		"verdict":           {func(a *answers) { a.verdict, a.from = "552 Full.", "" }, refused, false},
		"EPSV while it ran": {func(a *answers) { a.start, a.from = "229 (|||4321|)", "" }, gone, false},
		"size":              {func(a *answers) { a.size, a.from = "213 3", "" }, refused, false},
		"no size":           {func(a *answers) { a.size = "550 No such file." }, fine, true},
		"size, for now":     {func(a *answers) { a.size, a.from = "450 Busy.", "" }, refused, false},
		"nonsense":          {func(a *answers) { a.size, a.from = "227 (1,2,3,4,5,6)", "" }, gone, false},
		"taken":             {func(a *answers) { a.name, a.from = "213 7", "" }, refused, false},
		"going down":        {func(a *answers) { a.name, a.from = "421 Bye.", "" }, gone, false},
		"RNFR":              {func(a *answers) { a.from, a.to = "550 No.", "503 RNFR first." }, refused, true},
		"RNTO":              {func(a *answers) { a.to = "553 No." }, refused, true},
		"RNTO, going down":  {func(a *answers) { a.to = "421 Bye." }, gone, true},
		"cut at STOR":       {func(a *answers) { a.start, a.from = "cut", "" }, gone, false},
		"cut at verdict":    {func(a *answers) { a.verdict, a.from = "cut", "" }, gone, false},
		"cut at EPSV":       {func(a *answers) { a.epsv, a.from = "cut", "" }, gone, false},
		"cut at size":       {func(a *answers) { a.size, a.from = "cut", "" }, gone, false},
		"cut at time":       {func(a *answers) { a.time, a.from = "cut", "" }, gone, false},
		"cut at name":       {func(a *answers) { a.name, a.from = "cut", "" }, gone, false},
		"cut at RNTO":       {func(a *answers) { a.to = "cut" }, gone, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := good()
			tt.change(&a)
			s := script(t, append(a.play(), ftptest.Try(ftptest.Exchange("NOOP", "200 OK.\r\n")))...)
			c := dial(t, s, withShort, func(cfg *Config) { cfg.Memory = NewMemory(Profile{Ahead: Works, Pipeline: Works}) })
			err := landed(t, c, part("a"), "data")
			switch {
			case tt.ends == gone:
				broken(t, c, err)
			case (err == nil) != (tt.ends == fine):
				t.Errorf("it ended with %v", err)
			default:
				usable(t, c)
			}
			if got := slices.Contains(sent(s), "RNTO /a"); got != tt.named {
				t.Errorf("a name was asked for: %v", got)
			}
			var size *SizeError
			if name == "size" && !errors.As(err, &size) || name == "taken" && !errors.Is(err, fs.ErrExist) {
				t.Errorf("it ended with %v", err)
			}
		})
	}
}

// The bytes of a refused upload are lost with their data connection: the next
// file has its own.
func TestPutEarly(t *testing.T) {
	var got []byte
	keep := ftptest.ReadData(func(data []byte, _ error) { got = data })
	said := ftptest.Send("550 No.\r\n213 4\r\n213 Set.\r\n550 No such file.\r\n")
	var steps []ftptest.Step
	for _, name := range []string{"a", "b"} {
		steps = append(steps, ftptest.Expect("STOR /."+name), ftptest.Expect("EPSV"), ftptest.Expect("SIZE*"), ftptest.Expect("MFMT*"), ftptest.Expect("SIZE*"))
		if name == "a" {
			// The bytes are there although nothing was said.
			steps = append(steps, ftptest.Connect(), keep, ftptest.CloseData(), ftptest.Send("553 Not here.\r\n"),
				ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Send("550 No.\r\n550 No.\r\n550 No.\r\n"))
		}
	}
	steps = append(steps, ftptest.Connect(), ftptest.Send("150 Go.\r\n"), keep, ftptest.CloseData(), ftptest.Send("226 Done.\r\n"), said,
		ftptest.Expect("RNFR /.b"), ftptest.Exchange("RNTO /b", "350 Go on.\r\n250 Done.\r\n"))
	steps = append([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n")}, steps...)
	s := script(t, steps...)
	c := dial(t, s, withShort, func(cfg *Config) { cfg.Memory = NewMemory(Profile{Ahead: Works, Pipeline: Works}) })
	var refusal *ReplyError
	if err := landed(t, c, part("a"), "lost"); !errors.As(err, &refusal) || refusal.Code != 553 || string(got) != "lost" {
		t.Fatalf("%v, and the server read %q", err, got)
	}
	if err := landed(t, c, part("b"), "kept"); err != nil || string(got) != "kept" {
		t.Errorf("%v, and the server read %q", err, got)
	}
}

// A data connection that was opened ahead and ended meanwhile is not used.
func TestPutStale(t *testing.T) {
	play := good().play()
	all := append([]ftptest.Step{}, play[:13]...) // up to the end of the data
	all = append(all, ftptest.Send("226 Done.\r\n"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Send("213 4\r\n213 Set.\r\n550 No.\r\n"),
		ftptest.Expect("RNFR /.a"), ftptest.Expect("RNTO /a"), ftptest.Connect(), ftptest.CloseData(), ftptest.Send("350 Go on.\r\n250 Done.\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("STOR /.b"), ftptest.Expect("EPSV"),
		ftptest.Expect("SIZE*"), ftptest.Expect("MFMT*"), ftptest.Expect("SIZE*"), ftptest.Connect(), ftptest.Send("150 Go.\r\n"),
		ftptest.ReadData(func([]byte, error) {}), ftptest.CloseData(), ftptest.Send("226 Done.\r\n550 No.\r\n213 4\r\n213 Set.\r\n550 No.\r\n"))
	s := script(t, all...)
	c := dial(t, s, withShort, func(cfg *Config) { cfg.Memory, cfg.afar = NewMemory(Profile{Ahead: Works, Pipeline: Works}), true })
	if err := landed(t, c, part("a"), "data"); err != nil {
		t.Fatal(err)
	}
	u, err := c.Put(t.Context(), part("b"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = io.WriteString(u, "data"); err != nil {
		t.Error(err)
	}
	if err = u.Close(); err != nil {
		t.Error(err)
	}
}
