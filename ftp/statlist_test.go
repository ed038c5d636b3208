package ftp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/ftp/listing"
)

// noDataServer has no way to a data connection.
func noDataServer(t *testing.T, q ftptest.Quirks) *ftptest.Server {
	t.Helper()
	tr := ftptest.NewTree()
	tr.WriteFile("/d/two words", []byte("12345"), time.Now().Add(-48*time.Hour))
	tr.WriteFile("/d/.hidden", nil, time.Now())
	tr.Mkdir("/d/sub")
	tr.Mkdir("/empty")
	q.NoPassive, q.NoActive = true, true
	return serve(t, ftptest.Config{Tree: tr, Quirks: q})
}

func TestListByStat(t *testing.T) {
	for name, c := range map[string]struct {
		q    ftptest.Quirks
		want []string
	}{
		"all names":       {ftptest.Quirks{HideDots: true}, []string{".hidden", "sub", "two words"}},
		"by LIST else":    {ftptest.Quirks{HideDots: true, NoMLSD: true}, []string{".hidden", "sub", "two words"}},
		"no option":       {ftptest.Quirks{HideDots: true, NoListOptions: true}, []string{"sub", "two words"}},
		"like IIS":        {ftptest.Quirks{ListDialect: "dos", NoMLSD: true}, []string{".hidden", "sub", "two words"}},
		"in another zone": {ftptest.Quirks{Zone: time.FixedZone("", 7200)}, []string{".hidden", "sub", "two words"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := noDataServer(t, c.q)
			var log recorder
			conn := dial(t, s, func(cfg *Config) { cfg.Trace = log.trace() })
			for range 2 {
				if got, err := names(t.Context(), conn, "/d"); err != nil || !slices.Equal(got, c.want) {
					t.Fatalf("%q, %v", got, err)
				}
			}
			if e := listed(t, conn, "/d")["two words"]; e.Size != 5 || time.Since(e.Time) > 49*time.Hour || time.Since(e.Time) < 47*time.Hour {
				t.Errorf("%+v", e)
			}
			if got, err := names(t.Context(), conn, "/empty"); err != nil || len(got) != 0 {
				t.Errorf("%q, %v", got, err)
			}
			if _, err := names(t.Context(), conn, "/none"); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			if n := strings.Count(log.text(), "listed by STAT"); n != 1 {
				t.Errorf("said %d times:\n%s", n, log.text())
			}
			if strings.Contains(log.text(), "-rw-r") || strings.Contains(log.text(), "<DIR>") {
				t.Error("the rows are in the log:\n", log.text())
			}
			usable(t, conn)
		})
	}
}

// A server that could not reach us lists by STAT as well.
func TestListByStatAfter425(t *testing.T) {
	for _, noMLSD := range []bool{false, true} {
		const cannot = "425 Could not open data connection."
		s := serve(t, ftptest.Config{Tree: ftptest.Demo(), Quirks: ftptest.Quirks{NoMLSD: noMLSD, Refuse: map[string]string{"MLSD": cannot, "LIST": cannot}}})
		c := dial(t, s)
		if got, err := names(t.Context(), c, "/docs"); err != nil || !slices.Contains(got, "naïve café.md") {
			t.Errorf("%q, %v", got, err)
		}
		usable(t, c)
	}
}

// One refusal behind transfers that worked is no reason to list by STAT, which
// tells of old files the day alone, from now on.
func TestNoListByStatAfterTransfers(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: ftptest.Demo()})
	memory := NewMemory(Profile{})
	with := func(cfg *Config) { cfg.Memory = memory }
	c := dial(t, s, with)
	listed(t, c, "/docs")
	const cannot = "425 Could not open data connection."
	for _, c := range []*Conn{c, dial(t, s, with)} {
		s.SetQuirks(ftptest.Quirks{Refuse: map[string]string{"MLSD": cannot, "LIST": cannot}})
		var reply *ReplyError
		if got, err := names(t.Context(), c, "/docs"); !errors.As(err, &reply) || reply.Code != 425 {
			t.Errorf("%q, %v", got, err)
		}
		s.SetQuirks(ftptest.Quirks{})
		listed(t, c, "/docs")
	}
	if n := countVerb(s, "STAT"); n > 0 {
		t.Errorf("%d STAT", n)
	}
}

// The ways to a data connection are tried once; then listings are quick.
func TestListByStatIsKept(t *testing.T) {
	s := noDataServer(t, ftptest.Quirks{})
	c := dial(t, s)
	listed(t, c, "/d")
	tries := countVerb(s, "EPSV") + countVerb(s, "PORT")
	listed(t, c, "/d")
	if n := countVerb(s, "EPSV") + countVerb(s, "PORT"); n != tries {
		t.Errorf("%d tries, then %d", tries, n)
	}
	again := dial(t, s, func(cfg *Config) { cfg.Memory = c.know }) // so do other sessions
	listed(t, again, "/d")
	if n := countVerb(s, "EPSV") + countVerb(s, "PORT"); n != tries {
		t.Errorf("%d tries, then %d", tries, n)
	}
	c.works(&channel{how: methodEPSV}) // a transfer found a way after all
	if c.know.dataMissing() != nil {
		t.Error("it would be kept for ever")
	}
	c.know.missData(errors.New("x"))
	c.know.noDataUntil = time.Now().Add(-time.Second)
	if c.know.dataMissing() != nil {
		t.Error("it is kept too long")
	}
}

// Where waiting for the server's connection cost the session, the next one
// lists by STAT at once.
func TestListByStatInTheNextSession(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: ftptest.Demo(), Quirks: ftptest.Quirks{NoPassive: true, ActiveSilent: true}})
	memory := NewMemory(Profile{})
	with := func(cfg *Config) { cfg.Memory = memory }
	c := dial(t, s, withShort, with)
	_, err := names(t.Context(), c, "/docs")
	broken(t, c, err)
	c = dial(t, s, withShort, with)
	began := time.Now()
	if got, err := names(t.Context(), c, "/docs"); err != nil || len(got) == 0 || time.Since(began) > short.Accept {
		t.Errorf("%q, %v after %v", got, err, time.Since(began))
	}
}

// Where STAT does not list, what is wrong with the network stays the error.
func TestNoListByStat(t *testing.T) {
	status := func(string, string) io.Reader { return strings.NewReader("Connected to 192.0.2.1\r\nTYPE: ASCII\r\n") }
	for name, q := range map[string]ftptest.Quirks{
		"not there":   {Refuse: map[string]string{"STAT": "502 No."}},
		"one line":    {Refuse: map[string]string{"STAT": "550 No."}},
		"other words": {Listing: status},
		"many lines":  {Refuse: map[string]string{"STAT": "550-No,\r\n550-no,\r\n550 no."}},
	} {
		s := noDataServer(t, q)
		c := dial(t, s)
		for range 2 {
			var way *ConnectError
			if got, err := names(t.Context(), c, "/d"); len(got) > 0 || !errors.As(err, &way) || way.Stage != "data" {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
		usable(t, c)
	}
}

// Where STAT does not list, sessions do not keep from trying the network.
func TestNoListByStatInTheNextSession(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: ftptest.Demo(), Quirks: ftptest.Quirks{NoPassive: true, ActiveSilent: true}})
	memory := NewMemory(Profile{})
	with := func(cfg *Config) { cfg.Memory = memory }
	c := dial(t, s, withShort, with)
	_, err := names(t.Context(), c, "/docs")
	broken(t, c, err)
	s.SetQuirks(ftptest.Quirks{Refuse: map[string]string{"STAT": "502 No."}})
	c = dial(t, s, withShort, with)
	if got, err := names(t.Context(), c, "/docs"); err != nil || len(got) == 0 {
		t.Errorf("%q, %v", got, err)
	}
	usable(t, c)
}

// A listing over the control connection has an end, and says where it was cut.
func TestListByStatIsBounded(t *testing.T) {
	t.Parallel()
	s := noDataServer(t, ftptest.Quirks{Listing: func(string, string) io.Reader {
		return &repeat{row: "-rw-r--r-- 1 a b 1 Nov 21 13:58 f%d\r\n"}
	}})
	c := dial(t, s)
	n := 0
	var failed error
	for _, err := range c.List(t.Context(), "/d") {
		if failed = err; err == nil {
			n++
		}
	}
	if n != maxStatRows || failed == nil || !strings.Contains(failed.Error(), "longer than can be had over the control connection") {
		t.Errorf("%d rows, %v", n, failed)
	}
	broken(t, c, failed)
}

// repeat is a row again and again, with a number in it.
type repeat struct {
	row  string
	n    int
	rest []byte
}

func (r *repeat) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		r.rest = fmt.Appendf(nil, r.row, r.n)
		r.n++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func TestListByStatStopsEarly(t *testing.T) {
	s := noDataServer(t, ftptest.Quirks{})
	c := dial(t, s)
	for range 2 {
		for range c.List(t.Context(), "/d") {
			break
		}
		usable(t, c)
	}
}

// A server that dies in the middle of it ends the session.
func TestListByStatBreaksOff(t *testing.T) {
	s := script(t, ftptest.Login(),
		ftptest.Exchange("TYPE I", "200 OK.\r\n"),
		ftptest.Exchange("EPSV", "502 No.\r\n"), ftptest.Exchange("PASV", "502 No.\r\n"),
		ftptest.Exchange("STAT -a .", "213-Status:\r\n-rw-r--r-- 1 a b 1 Nov 21 13:58 one\r\n213--rw-r--r-- 1 a b 1 Nov 21 13:58 two\r\n"), ftptest.Hangup())
	c := dial(t, s, withShort, withPassive)
	var got []string
	var failed error
	for e, err := range c.List(t.Context(), "/") {
		if failed = err; err == nil {
			got = append(got, e.Name)
		}
	}
	if !slices.Equal(got, []string{"one", "two"}) || failed == nil {
		t.Errorf("%q, %v", got, failed)
	}
	broken(t, c, failed)
}

// said is a control connection on which the server has said all it will.
type said struct{ *bytes.Reader }

func (said) Write(p []byte) (int, error)      { return len(p), nil }
func (said) Close() error                     { return nil }
func (said) LocalAddr() net.Addr              { return nil }
func (said) RemoteAddr() net.Addr             { return nil }
func (said) SetDeadline(time.Time) error      { return nil }
func (said) SetReadDeadline(time.Time) error  { return nil }
func (said) SetWriteDeadline(time.Time) error { return nil }

// FuzzStat: whatever STAT is answered with, the rows are names, and the session
// stands behind the reply or is over.
func FuzzStat(f *testing.F) {
	f.Add([]byte("213-Status:\r\n-rw-r--r-- 1 a b 1 Nov 21 13:58 one\r\n213-total 3\r\n213 End.\r\n"))
	f.Add([]byte("211 none\r\n"))
	f.Add([]byte("550-no\r\n550 no\r\n"))
	f.Add([]byte("213-\r\n 01-31-24  03:04PM  5 x\r\n213-\xff\xf4\x00\r\n213"))
	f.Fuzz(func(t *testing.T, in []byte) {
		const next = "200 next\r\n"
		c := newConn(Config{}.withDefaults(), said{bytes.NewReader(append(slices.Clone(in), next...))})
		l := lister{c: c, dir: "/", yield: func(e listing.Entry) bool {
			if e.Name != "" && strings.ContainsAny(e.Name, "/\n\x00") {
				t.Fatalf("%q is a name", e.Name)
			}
			return true
		}}
		l.clock = c.newClock("/", l.yield)
		_, err := l.stat(t.Context(), ".", listing.Unix)
		if c.over() != nil {
			return
		}
		if fatal(err) && !errors.Is(err, errNoListing) {
			t.Fatalf("%v, and the session goes on", err)
		}
		rest, _ := io.ReadAll(c.br)
		if all := append(in, next...); !bytes.HasSuffix(all, rest) || !bytes.HasSuffix(all[:len(all)-len(rest)], []byte("\n")) {
			t.Fatalf("%q is left of %q", rest, all)
		}
	})
}
