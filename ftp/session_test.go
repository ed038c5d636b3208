package ftp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

func TestDialSpeaksLittle(t *testing.T) {
	tr, data := tree(3000)
	s := serve(t, ftptest.Config{Tree: tr})
	c := dial(t, s)
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
		t.Fatalf("got %d bytes, %v", len(got), err)
	}
	if got, err := get(t.Context(), c, "/f", 1000); err != nil || got != data[1000:] {
		t.Fatalf("got %d bytes, %v", len(got), err)
	}
	want := "USER demo|PASS demo|FEAT|OPTS UTF8 ON|PWD|TYPE I|EPSV|RETR /f|EPSV|REST 1000|RETR /f"
	if got := strings.Join(sent(s), "|"); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestGreetingErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		steps []ftptest.Step
		stage string
		check func(error) bool
		says  string
	}{
		{"A8 garbage", []ftptest.Step{ftptest.Send("SSH-2.0-x\r\n")}, "greeting", isProtocol, "SSH server"},
		{"A10 announced", []ftptest.Step{ftptest.Send("120 wait\r\n220 now\r\n"), ftptest.Expect("USER demo"), ftptest.Send("530 no\r\n")}, "login", is(ErrLogin), "no"},
		{"A10 announced only", []ftptest.Step{ftptest.Send("120 wait\r\n")}, "greeting", is(os.ErrDeadlineExceeded), "no welcome within"},
		{"A11 silent", nil, "greeting", is(os.ErrDeadlineExceeded), "no welcome within"},
		{"A2 never finished", []ftptest.Step{ftptest.Send("220-x\r\n226 y\r\n")}, "greeting", isProtocol, "never finished"},
		{"A12 full", []ftptest.Step{ftptest.Send("421 full\r\n")}, "greeting", isTooMany, "full"},
		{"A12 full 530", []ftptest.Step{ftptest.Send("530 too many users\r\n")}, "greeting", isTooMany, "too many"},
		{"C2 logged in already", []ftptest.Step{ftptest.Send("230 in\r\n")}, "greeting", isProtocol, "login"},
		{"A15 closed", []ftptest.Step{ftptest.Send("22"), ftptest.Hangup()}, "greeting", is(io.ErrUnexpectedEOF), "closed the connection"},
		{"A15 closed after PASS", []ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "331 pass\r\n"), ftptest.Expect("PASS demo"), ftptest.Hangup()}, "login", is(io.ErrUnexpectedEOF), "after PASS"},
		{"A15 reset after USER", []ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Expect("USER demo"), ftptest.Reset()}, "login", is(ErrBroken), "after USER"},
		{"A27 wants TLS", []ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "534 no\r\n")}, "login", isNot(ErrLogin), "ftpes"},
		{"A27 no session without TLS", []ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "530 Non-anonymous sessions must use encryption.\r\n")}, "login", isNot(ErrLogin), "ftpes"},
		{"A27 too many", []ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "331 pass\r\n"), ftptest.Exchange("PASS demo", "530 Sorry, the maximum number of clients is reached\r\n")}, "login", isTooMany, "maximum"},
		{"A27 account", []ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "331 pass\r\n"), ftptest.Exchange("PASS demo", "332 account\r\n")}, "login", isNot(ErrLogin), "account"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := script(t, tt.steps...)
			cfg := configOf(s)
			cfg.Timeouts = short
			c, err := Dial(t.Context(), cfg)
			if err == nil {
				_ = c.Close()
				t.Fatal("no error")
			}
			var connect *ConnectError
			if !errors.As(err, &connect) || connect.Stage != tt.stage || !tt.check(err) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func is(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }
func isNot(target error) func(error) bool {
	return func(err error) bool { return !errors.Is(err, target) }
}
func isProtocol(err error) bool { var p *ProtocolError; return errors.As(err, &p) }
func isTooMany(err error) bool {
	var r *ReplyError
	return errors.As(err, &r) && r.TooMany() && !errors.Is(err, ErrLogin)
}

func TestLoginA27(t *testing.T) {
	s := serve(t, ftptest.Config{User: "demo", Password: "right"})
	_, err := Dial(t.Context(), configOf(s))
	if !errors.Is(err, ErrLogin) {
		t.Fatalf("got %v", err)
	}
	passes := 0
	for _, cmd := range sent(s) {
		if strings.HasPrefix(cmd, "PASS") {
			passes++
		}
	}
	if passes != 1 {
		t.Errorf("sent PASS %d times", passes)
	}
	free := script(t, ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "230 in\r\n"),
		ftptest.Exchange("FEAT", "500 no\r\n"), ftptest.Exchange("PWD", "502 no\r\n"), ftptest.Exchange("QUIT", "221 bye\r\n"))
	c := dial(t, free)
	if c.Home() != "/" || c.Features().Known() {
		t.Errorf("home %q", c.Home())
	}
	_ = c.Close()
}

func TestDialErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	_, err = Dial(t.Context(), Config{Host: "127.0.0.1", Port: port})
	var connect *ConnectError
	if !errors.As(err, &connect) || connect.Stage != "connect" || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v", err)
	}
	_, err = Dial(t.Context(), Config{Host: "x.invalid", lookup: func(context.Context, string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "x.invalid", IsNotFound: true}
	}})
	if !errors.As(err, &connect) || connect.Stage != "resolve" {
		t.Errorf("got %v", err)
	}
}

func TestLateReplyA24(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Expect("SIZE /f"), ftptest.Hold(gate))
	c := dial(t, s, withShort)
	_, err := c.Size(t.Context(), "/f")
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	broken(t, c, err)
	close(gate)
	if cmds := sent(s); cmds[len(cmds)-1] != "SIZE /f" {
		t.Errorf("sent %q after the time-out", cmds[len(cmds)-1])
	}
}

func TestUnsolicitedA14A25(t *testing.T) {
	for _, tt := range []struct {
		name string
		step ftptest.Step
		says string
	}{
		{"reply", ftptest.Send("200 hi\r\n"), "nobody asked"},
		{"421", ftptest.Send("421 idle\r\n"), "idle"},
		{"closed", ftptest.Hangup(), "closed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gate, gone := make(chan struct{}), make(chan struct{})
			s := script(t, ftptest.Login(), ftptest.Hold(gate), tt.step, ftptest.Do(func() { close(gone) }))
			c := dial(t, s)
			if !c.Alive() {
				t.Fatal("an idle session is not alive")
			}
			close(gate)
			if tt.name != "closed" {
				<-gone
			}
			for c.Alive() { // until the kernel has moved it
			}
			before := len(sent(s))
			err := c.Delete(t.Context(), "/x")
			if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
			if len(sent(s)) != before {
				t.Error("it sent a command")
			}
		})
	}
}

func TestSecretsH3H4(t *testing.T) {
	const secret = "s3cret-canary"
	s := script(t, ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "331 password please\r\n"),
		ftptest.Exchange("PASS "+secret, "530 password "+secret+" wrong\r\n"))
	var rec recorder
	cfg := configOf(s)
	cfg.Password, cfg.Trace = secret, rec.trace()
	_, err := Dial(t.Context(), cfg)
	if !errors.Is(err, ErrLogin) {
		t.Fatalf("got %v", err)
	}
	for _, text := range []string{rec.text(), err.Error()} {
		if strings.Contains(text, secret) {
			t.Errorf("the password is in %q", text)
		}
	}
	if !strings.Contains(rec.text(), "> PASS "+hidden) {
		t.Errorf("got %s", rec.text())
	}
}

func TestFeaturesA31(t *testing.T) {
	r, err := parse("211-Features:\r\n mdtm\r\nSIZE\r\n\tREST STREAM\r\n MLST type*;size*;\r\n\r\n211 End\r\n")
	if err != nil {
		t.Fatal(err)
	}
	f := parseFeatures(r)
	for _, name := range []string{"MDTM", "size", "REST", "mlst"} {
		if !f.Has(name) {
			t.Errorf("%s is missing", name)
		}
	}
	if f.Has("End") || f.Has("Features:") || f.Args("rest") != "STREAM" {
		t.Errorf("got %v", f)
	}
	r, err = parse("211-x\r\n" + strings.Repeat(" F"+strings.Repeat("x", 3)+"\r\n", 10) + manyFeatures(500) + "211 End\r\n")
	if err != nil || len(parseFeatures(r).args) > maxFeatures {
		t.Errorf("%v", err)
	}
	if r, _ = parse("211 no features\r\n"); !parseFeatures(r).Known() {
		t.Error("an empty answer is an answer")
	}
}

func manyFeatures(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" F" + strings.Repeat("y", i%50) + string(rune('A'+i%26)) + "\r\n")
	}
	return b.String()
}

func TestReplyErrorKinds(t *testing.T) {
	for _, tt := range []struct {
		code int
		text string
		want error
	}{
		{550, "/x: No such file or directory", os.ErrNotExist},
		{550, "File not found", os.ErrNotExist},
		{550, "Permission denied.", os.ErrPermission},
		{553, "Could not create: Access is denied", os.ErrPermission},
		{550, "/x: File exists", os.ErrExist},
		{521, "there", os.ErrExist},
	} {
		err := &ReplyError{Code: tt.code, Lines: []string{tt.text}}
		for _, kind := range []error{os.ErrNotExist, os.ErrPermission, os.ErrExist} {
			if errors.Is(err, kind) != (kind == tt.want) {
				t.Errorf("%v: Is(%v) = %v", err, kind, errors.Is(err, kind))
			}
		}
	}
	if !(&ReplyError{Code: 451}).Temporary() || (&ReplyError{Code: 550}).Temporary() {
		t.Error("4yz is temporary, 5yz is not")
	}
}

func TestRepliesA22(t *testing.T) {
	for code, wantBroken := range map[string]bool{"150": true, "350": false, "450": false, "500": false, "421": true} {
		steps := []ftptest.Step{ftptest.Login(), ftptest.Exchange("DELE /f", code+" x\r\n")}
		if !wantBroken {
			steps = append(steps, ftptest.Exchange("NOOP", "200 ok\r\n"))
		}
		s := script(t, steps...)
		c := dial(t, s)
		err := c.Delete(t.Context(), "/f")
		if err == nil || errors.Is(err, ErrBroken) != wantBroken {
			t.Errorf("%s: got %v", code, err)
		}
		if wantBroken {
			broken(t, c, err)
		} else {
			usable(t, c)
		}
	}
}

func TestTokenTakesTurns(t *testing.T) {
	tr, data := tree(2000)
	s := serve(t, ftptest.Config{Tree: tr})
	c := dial(t, s)
	d, err := c.Retr(t.Context(), "/f", 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := c.Noop(ctx); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
	if !c.Alive() {
		t.Error("a busy session is alive")
	}
	if got, err := io.ReadAll(d); err != nil || string(got) != data {
		t.Error(err)
	}
	if err := errors.Join(d.Close(), d.Close()); err != nil {
		t.Error(err)
	}
	usable(t, c)
}

// The goodbye to a server far away goes out, and its answer is not waited for.
func TestGoodbyeFromAfar(t *testing.T) {
	gate := make(chan struct{})
	s := script(t, ftptest.Login(), ftptest.Expect("QUIT"), ftptest.Hold(gate))
	c, err := Dial(t.Context(), configOf(s))
	if err != nil {
		t.Fatal(err)
	}
	c.far.trip.Store(int64(farGoodbye))
	began := time.Now()
	if err := c.Close(); err != nil || time.Since(began) >= quitTime {
		t.Errorf("took %v, %v", time.Since(began), err)
	}
	close(gate)
}
