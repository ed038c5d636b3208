package ftp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// passive is the beginning of a scripted transfer.
func passiveSteps(rest ...ftptest.Step) []ftptest.Step {
	return append([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n")}, rest...)
}

func TestRepliesAroundDataA16A17A19A20(t *testing.T) {
	data := strings.Repeat("x", 300_000)
	for _, tt := range []struct {
		name  string
		steps []ftptest.Step
	}{
		{"A16 both at once", []ftptest.Step{ftptest.Send("150 go\r\n226 done\r\n"), ftptest.Connect(), ftptest.SendData(data), ftptest.CloseData()}},
		{"A17 226 first", []ftptest.Step{ftptest.Connect(), ftptest.Send("150 go\r\n"), ftptest.SendData(data[:1]), ftptest.Send("226 done\r\n"), ftptest.SendData(data[1:]), ftptest.CloseData()}},
		{"A19 250", []ftptest.Step{ftptest.Connect(), ftptest.Send("125 go\r\n"), ftptest.SendData(data), ftptest.CloseData(), ftptest.Send("250 done\r\n")}},
		{"A19 200", []ftptest.Step{ftptest.Connect(), ftptest.Send("150 go\r\n"), ftptest.SendData(data), ftptest.CloseData(), ftptest.Send("200 done\r\n")}},
		{"A20 many 1yz", []ftptest.Step{ftptest.Connect(), ftptest.Send("150 go\r\n125 really\r\n150 yes\r\n"), ftptest.SendData(data), ftptest.CloseData(), ftptest.Send("226 done\r\n")}},
		{"A20 no 1yz", []ftptest.Step{ftptest.Connect(), ftptest.SendData(data), ftptest.CloseData(), ftptest.Send("226 done\r\n")}},
		{"B11 accepted late", []ftptest.Step{ftptest.Send("150 go\r\n"), ftptest.Connect(), ftptest.SendData(data), ftptest.CloseData(), ftptest.Send("226 done\r\n")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			steps := append(passiveSteps(ftptest.Expect("RETR /f")), tt.steps...)
			s := script(t, append(steps, ftptest.Exchange("NOOP", "200 ok\r\n"))...)
			c := dial(t, s)
			if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
				t.Fatalf("got %d bytes, %v", len(got), err)
			}
			usable(t, c)
		})
	}
}

func TestEmptyWithoutDataA21(t *testing.T) {
	for size, ok := range map[string]bool{"0": true, "5": false} {
		s := script(t, passiveSteps(ftptest.Exchange("RETR /f", "226 done\r\n"), ftptest.CloseData(), ftptest.Exchange("SIZE /f", "213 "+size+"\r\n"))...)
		c := dial(t, s)
		got, err := get(t.Context(), c, "/f", 0)
		if got != "" || (err == nil) != ok {
			t.Errorf("size %s: got %q, %v", size, got, err)
		}
	}
}

func TestVerdictB13B14B15(t *testing.T) {
	t.Parallel()
	const size = 200_000
	for _, tt := range []struct {
		name   string
		quirks ftptest.Quirks
		check  func(error) bool
		broken bool
	}{
		{"B13 closed, silence", ftptest.Quirks{Drop: &ftptest.Drop{After: 1000, How: ftptest.DropFIN}}, is(ErrNoVerdict), true},
		{"B15 closed, 426", ftptest.Quirks{Drop: &ftptest.Drop{After: 1000, How: ftptest.DropReply}}, isCode(426), false},
		{"B15 at 0", ftptest.Quirks{Drop: &ftptest.Drop{After: 0, How: ftptest.DropReply}}, isCode(426), false},
		{"B15 reset, 426", ftptest.Quirks{Drop: &ftptest.Drop{After: 1000, How: ftptest.DropRST}}, isCode(426), false},
		{"A13 421", ftptest.Quirks{Drop: &ftptest.Drop{After: 1000, How: ftptest.DropGoodbye}}, isCode(421), true},
		{"both reset", ftptest.Quirks{Drop: &ftptest.Drop{After: 1000, How: ftptest.DropAll}}, is(ErrBroken), true},
		{"B14 called complete", ftptest.Quirks{Truncate: true, TruncateAfter: 1000, Reply150: "150 for /f (200000 bytes)."}, is(io.ErrUnexpectedEOF), false},
		{"B16 no 226", ftptest.Quirks{HideReply226: true}, is(ErrNoVerdict), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr, _ := tree(size)
			s := serve(t, ftptest.Config{Tree: tr, Quirks: tt.quirks})
			for _, way := range []string{"Read", "WriteTo"} {
				c := dial(t, s, withShort)
				d, err := c.Retr(t.Context(), "/f", 0)
				if err != nil {
					t.Fatal(err)
				}
				if way == "Read" {
					_, err = io.ReadAll(d)
				} else {
					_, err = d.WriteTo(newFile(t))
				}
				err = errors.Join(err, d.Close())
				if !tt.check(err) || errors.Is(err, ErrBroken) != tt.broken {
					t.Errorf("%s: got %v", way, err)
				}
				if tt.broken {
					broken(t, c, err)
				} else {
					usable(t, c)
				}
			}
		})
	}
}

func isCode(code int) func(error) bool {
	return func(err error) bool {
		var r *ReplyError
		return errors.As(err, &r) && r.Code == code
	}
}

func newFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestResetBehindTheEndB17(t *testing.T) {
	for text, ok := range map[string]bool{"150 /f (5 bytes)\r\n": true, "150 go\r\n": false} {
		sync := make(chan struct{})
		s := script(t, passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send(text), ftptest.SendData("12345"),
			ftptest.Hold(sync), ftptest.ResetData(), ftptest.Send("226 done\r\n"))...)
		c := dial(t, s)
		d, err := c.Retr(t.Context(), "/f", 0)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 5)
		if _, err = io.ReadFull(d, b); err != nil {
			t.Fatal(err)
		}
		close(sync)
		_, err = io.ReadAll(d)
		if err = errors.Join(err, d.Close()); (err == nil) != ok {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestLongAnswerB12(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	defer close(gate)
	tr, _ := tree(100_000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Stall: gate, StallAfter: 1000}})
	for _, way := range []string{"Read", "WriteTo file", "WriteTo buffer"} {
		c := dial(t, s, withShort)
		d, err := c.Retr(t.Context(), "/f", 0)
		if err != nil {
			t.Fatal(err)
		}
		d.t.c.cfg.Timeouts.Finish = 50 * time.Millisecond
		switch way {
		case "Read":
			_, err = io.ReadAll(d)
		case "WriteTo file":
			_, err = d.WriteTo(newFile(t))
		default:
			_, err = d.WriteTo(struct{ io.Writer }{io.Discard})
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "no data moved") {
			t.Errorf("%s: got %v", way, err)
		}
		broken(t, c, d.Close())
	}
}

func TestRefusedB20(t *testing.T) {
	s := script(t, passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.SendData("1234"), ftptest.Send("550 no such file\r\n"), ftptest.Exchange("NOOP", "200 ok\r\n"))...)
	c := dial(t, s)
	_, err := c.Retr(t.Context(), "/f", 0)
	if !errors.Is(err, os.ErrNotExist) || errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
	usable(t, c)
}

func TestReaderStopsAtTheLastByte(t *testing.T) {
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Reply150: "150 /f (1000 bytes)"}})
	c := dial(t, s)
	d, err := c.Retr(t.Context(), "/f", 0)
	if err != nil || d.Size() != 1000 {
		t.Fatal(d.Size(), err)
	}
	b := make([]byte, 1000)
	if _, err := io.ReadFull(d, b); err != nil || string(b) != data {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	usable(t, c)
}

func TestResumeE7E8(t *testing.T) {
	ctx := t.Context()
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoREST: true}})
	c := dial(t, s)
	if err := put(ctx, c, "/f", "more", 1000); err != nil {
		t.Errorf("APPE: %v", err)
	}
	if got, err := tr.ReadFile("/f"); err != nil || string(got) != data+"more" {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	if err := put(ctx, c, "/f", "more", 1000); err == nil {
		t.Error("APPE to a file of another size")
	}
	if _, err := c.Retr(ctx, "/f", 10); err == nil {
		t.Error("a download went on without REST")
	}
	if got, err := get(ctx, c, "/f", 0); err != nil || got != data+"more" {
		t.Errorf("got %d bytes, %v", len(got), err)
	}

	// REST is taken, RETR refused: the next one must begin at 0.
	sc := script(t, passiveSteps(ftptest.Exchange("REST 5", "350 ok\r\n"), ftptest.Exchange("RETR /x", "550 no\r\n"), ftptest.CloseData(),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Exchange("REST 0", "350 ok\r\n"), ftptest.Expect("RETR /f"), ftptest.Connect(),
		ftptest.Send("150 go\r\n"), ftptest.SendData("all"), ftptest.CloseData(), ftptest.Send("226 ok\r\n"))...)
	c = dial(t, sc)
	if _, err := c.Retr(ctx, "/x", 5); err == nil {
		t.Error("no error")
	}
	if got, err := get(ctx, c, "/f", 0); err != nil || got != "all" {
		t.Errorf("got %q, %v", got, err)
	}
}

// What an earlier session still brought says nothing of how the server goes on
// with uploads: the next attempt finds it there.
func TestResumeWhileAnEarlierUploadEnds(t *testing.T) {
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoREST: true}})
	c := dial(t, s)
	if _, err := c.Stor(t.Context(), "/f", 900); err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("%v", err)
	}
	if err := put(t.Context(), c, "/f", "more", 1000); err != nil {
		t.Error(err)
	}
	if got, err := tr.ReadFile("/f"); err != nil || string(got) != data+"more" {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := c.Stor(t.Context(), "/f", 2000); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}

func TestUploadFailsB15E15(t *testing.T) {
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{DiskFull: true, DiskFullAfter: 10_000}})
	c := dial(t, s)
	err := put(t.Context(), c, "/f", strings.Repeat("x", 8<<20), 0)
	if !isCode(452)(err) {
		t.Errorf("got %v", err)
	}
	s.SetQuirks(ftptest.Quirks{Refuse: map[string]string{"STOR": "553 Permission denied."}})
	c = dial(t, s)
	if _, err = c.Stor(t.Context(), "/g", 0); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v", err)
	}
	usable(t, c)
}

func TestUploadAbort(t *testing.T) {
	s := serve(t, ftptest.Config{})
	c := dial(t, s)
	u, err := c.Stor(t.Context(), "/f", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Write([]byte("part")); err != nil {
		t.Fatal(err)
	}
	if err := u.Abort(); err != nil {
		t.Error(err)
	}
	broken(t, c, u.Close())
}

// TestCopies moves bytes through every pair of ends.
func TestCopies(t *testing.T) {
	config, roots, err := ftptest.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	tr, data := tree(3 << 20)
	for i, security := range []Security{Plain, Plain, Explicit} {
		s := serve(t, ftptest.Config{Tree: tr, TLS: config})
		c := dial(t, s, withRoots(roots), func(cfg *Config) { cfg.Security, cfg.afar = security, i == 0 })
		down := func(dst io.Writer) error {
			d, err := c.Retr(t.Context(), "/f", 0)
			if err != nil {
				return err
			}
			n, err := d.WriteTo(dst)
			if n != int64(len(data)) {
				t.Errorf("WriteTo counted %d", n)
			}
			return errors.Join(err, d.Close())
		}
		f := newFile(t)
		var b bytes.Buffer
		if err := errors.Join(down(f), down(&b), down(struct{ io.Writer }{io.Discard})); err != nil {
			t.Error(err)
		}
		onDisk, err := os.ReadFile(f.Name())
		if err != nil || string(onDisk) != data || b.String() != data {
			t.Error("the copies differ", err)
		}
		up := func(src io.Reader, want string) {
			t.Helper()
			u, err := c.Stor(t.Context(), "/up", 0)
			if err != nil {
				t.Fatal(err)
			}
			n, err := u.ReadFrom(src)
			if n != int64(len(want)) || err != nil {
				t.Errorf("ReadFrom: %d, %v", n, err)
			}
			if err := u.Close(); err != nil {
				t.Error(err)
			}
			if got, err := tr.ReadFile("/up"); err != nil || string(got) != want {
				t.Errorf("the server has %d bytes of %d, %v", len(got), len(want), err)
			}
		}
		if _, err := f.Seek(5, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		part := &io.LimitedReader{R: f, N: 1 << 20}
		up(part, data[5:5+1<<20])
		if pos, _ := f.Seek(0, io.SeekCurrent); pos != 5+1<<20 || part.N != 0 {
			t.Errorf("at %d, %d left", pos, part.N)
		}
		up(f, data[5+1<<20:])
		up(strings.NewReader(data), data)
		up(struct{ io.Reader }{strings.NewReader(data)}, data)
	}
}

// TestSlowCopies makes slices of time end in the middle of copies.
func TestSlowCopies(t *testing.T) {
	t.Parallel()
	tr, data := tree(200_000)
	s := serve(t, ftptest.Config{Tree: tr, Rate: 300_000})
	c := dial(t, s, func(cfg *Config) { cfg.afar = true })
	f := newFile(t)
	d, err := c.Retr(t.Context(), "/f", 0)
	if err != nil {
		t.Fatal(err)
	}
	counter := &counting{File: f}
	n, err := d.WriteTo(counter)
	if err = errors.Join(err, d.Close()); err != nil || n != int64(len(data)) || counter.calls < 2 {
		t.Fatalf("%d bytes in %d calls, %v", n, counter.calls, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	u, err := c.Stor(t.Context(), "/up", 0)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := u.ReadFrom(f); err != nil || n != int64(len(data)) {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if err := u.Close(); err != nil {
		t.Fatal(err)
	}
	if got, _ := tr.ReadFile("/up"); string(got) != data {
		t.Errorf("the server has %d bytes", len(got))
	}
}

// counting counts the calls that a meter would see.
type counting struct {
	*os.File
	calls int
}

func (c *counting) ReadFrom(r io.Reader) (int64, error) {
	c.calls++
	return c.File.ReadFrom(r)
}

// TestCancelE32 cancels at each point where an operation can wait.
func TestCancelE32(t *testing.T) {
	for _, point := range []string{"greeting", "USER", "PASS", "FEAT", "PWD", "TYPE", "EPSV", "REST", "RETR", "150", "data", "226", "STOR", "RNTO", "MLSD", "CWD"} {
		t.Run(point, func(t *testing.T) {
			gate, reached := make(chan struct{}), make(chan string, 16)
			defer close(gate)
			tr, _ := tree(2 << 20)
			q := ftptest.Quirks{Reached: func(p string) { reached <- p }}
			if point == "data" {
				q.Stall, q.StallAfter = gate, 1<<20
			} else {
				q.Hold = map[string]<-chan struct{}{point: gate}
			}
			s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
			ctx, cancel := context.WithCancelCause(t.Context())
			why := errors.New("the user said so")
			result := make(chan error, 1)
			var c *Conn
			go func() { // ends when ctx does; the test waits for result
				var err error
				if c, err = Dial(ctx, configOf(s)); err == nil {
					err = work(ctx, c, point)
				}
				result <- err
			}()
			<-reached
			cancelled := time.Now()
			cancel(why)
			err := <-result
			if !errors.Is(err, why) {
				t.Errorf("got %v", err)
			}
			if passed := time.Since(cancelled); passed > time.Second {
				t.Errorf("it took %v", passed)
			}
			if c != nil {
				broken(t, c, err)
			}
		})
	}
}

// work does what waits at point.
func work(ctx context.Context, c *Conn, point string) error {
	switch point {
	case "STOR":
		return put(ctx, c, "/up", "data", 0)
	case "RNFR", "RNTO":
		return c.Rename(ctx, "/f", "/g")
	case "MLSD":
		_, err := names(ctx, c, "/dir")
		return err
	case "CWD":
		_, err := names(ctx, c, "/a*b")
		return err
	case "REST":
		_, err := get(ctx, c, "/f", 5)
		return err
	}
	d, err := c.Retr(ctx, "/f", 0)
	if err != nil {
		return err
	}
	_, err = d.WriteTo(io.Discard)
	return errors.Join(err, d.Close())
}

func TestConnCloseInterrupts(t *testing.T) {
	gate := make(chan struct{})
	defer close(gate)
	reached := make(chan string, 1)
	tr, _ := tree(2 << 20)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Stall: gate, StallAfter: 10, Reached: func(p string) { reached <- p }}})
	c := dial(t, s)
	d, err := c.Retr(t.Context(), "/f", 0)
	if err != nil {
		t.Fatal(err)
	}
	result := make(chan error, 1)
	go func() { // ends when the session is closed; the test waits for result
		_, err := io.ReadAll(d)
		result <- errors.Join(err, d.Close())
	}()
	<-reached
	_ = c.Close()
	if err := <-result; !errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
}

// TestA13 injects 421 and a hangup at every command.
func TestA13(t *testing.T) {
	for _, verb := range []string{"USER", "PASS", "FEAT", "PWD", "TYPE", "EPSV", "REST", "RETR", "STOR", "MLSD", "CWD", "RNFR", "RNTO"} {
		for _, how := range []string{"421", "hangup", "reset"} {
			t.Run(verb+" "+how, func(t *testing.T) {
				var q ftptest.Quirks
				at := map[string]bool{verb: true}
				switch how {
				case "421":
					q.At421 = at
				case "hangup":
					q.Hangup = at
				default:
					q.Reset = at
				}
				tr, _ := tree(1000)
				s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
				cfg := configOf(s)
				cfg.Timeouts = short
				c, err := Dial(t.Context(), cfg)
				if err == nil {
					err = work(t.Context(), c, verb)
				}
				if how == "421" && !isCode(421)(err) {
					t.Errorf("got %v", err)
				}
				if !errors.Is(err, ErrBroken) {
					t.Errorf("got %v", err)
				}
				if c != nil {
					broken(t, c, err)
				}
			})
		}
	}
}
