package ftp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// What comes of an operation when the server answers one of its commands with
// a reply of each class, from 1yz to 5yz.
const (
	fine    = 'f' // the operation goes on and succeeds
	saysNo  = 'r' // the server said no: a *ReplyError, or an error that has one; the session goes on
	over    = 'o' // the session is over
	doubted = 'd' // the operation fails otherwise; the session goes on
)

// TestAnswersA22 answers every command with every class of reply.
func TestAnswersA22(t *testing.T) {
	config, roots := newTLS(t)
	for _, tt := range []struct {
		verb, outcomes string
		run            func(ctx context.Context, c *Conn) error
	}{
		{"USER", "ofooo", nil}, {"PASS", "ofooo", nil}, {"FEAT", "offff", nil}, {"OPTS", "offff", nil}, {"PWD", "offff", nil},
		{"AUTH", "oofff", nil}, {"PBSZ", "offff", nil}, {"PROT", "ofooo", nil},
		{"TYPE", "offff", getF}, {"SIZE", "odrrr", sizeF}, {"MDTM", "odrrr", mtimeF},
		{"EPSV", "offff", getF}, {"PORT", "orfff", getF}, {"REST", "orfrr", restF},
		{"RETR", "odrrr", getF}, {"STOR", "odrrr", putF}, {"APPE", "odrrr", appendF}, {"MLSD", "ofrrr", listF},
		{"MFMT", "ofrrr", func(ctx context.Context, c *Conn) error { return c.SetModTime(ctx, "/f", time.Unix(1e9, 0)) }},
		{"SITE", "ofrrr", func(ctx context.Context, c *Conn) error { return c.Chmod(ctx, "/f", 0o600) }},
		{"MKD", "ofrrr", func(ctx context.Context, c *Conn) error { return c.MakeDir(ctx, "/new") }},
		{"RMD", "ofrrr", func(ctx context.Context, c *Conn) error { return c.RemoveDir(ctx, "/dir/sub") }},
		{"DELE", "ofrrr", func(ctx context.Context, c *Conn) error { return c.Delete(ctx, "/f") }},
		{"RNFR", "orrrr", func(ctx context.Context, c *Conn) error { return c.Rename(ctx, "/f", "/g") }},
		{"RNTO", "offrr", func(ctx context.Context, c *Conn) error { return c.Rename(ctx, "/f", "/g") }},
		{"NOOP", "ofrrr", func(ctx context.Context, c *Conn) error { return c.Noop(ctx) }},
		{"CWD", "ofrrr", func(ctx context.Context, c *Conn) error { _, err := names(ctx, c, "/a*b"); return err }},
		{"MLST", "odrrr", func(ctx context.Context, c *Conn) error { _, err := c.Stat(ctx, "/f"); return err }},
	} {
		t.Run(tt.verb, func(t *testing.T) {
			t.Parallel()
			for class := 1; class <= 5; class++ {
				answer(t, config, roots, tt.verb, class, rune(tt.outcomes[class-1]), tt.run)
			}
		})
	}
}

// answer runs an operation against a server that answers verb with a reply of
// a class; without an operation the login is the one.
func answer(t *testing.T, config *tls.Config, roots *x509.CertPool, verb string, class int, want rune, run func(context.Context, *Conn) error) {
	t.Helper()
	code := class*100 + 50
	if class == 1 {
		code = 110 // 150 would begin a transfer
	}
	tr, _ := tree(1000)
	tr.Mkdir("/a*b")
	s := serve(t, ftptest.Config{Tree: tr, TLS: config, Quirks: ftptest.Quirks{
		Refuse: map[string]string{verb: fmt.Sprintf("%d so it is", code)},
		NoREST: verb == "APPE",
	}})
	cfg := configOf(s)
	cfg.Timeouts = short
	withRoots(roots)(&cfg)
	if verb == "AUTH" || verb == "PBSZ" || verb == "PROT" {
		cfg.Security = Optional
	}
	if verb == "PORT" {
		cfg.Mode = Active
	}
	c, err := Dial(t.Context(), cfg)
	if err == nil && run != nil {
		err = run(t.Context(), c)
	}
	var refusal *ReplyError
	var ok bool
	switch want {
	case fine:
		ok = err == nil
	case saysNo:
		ok = errors.As(err, &refusal) && !errors.Is(err, ErrBroken)
	case doubted:
		ok = err != nil && !errors.As(err, &refusal) && !errors.Is(err, ErrBroken)
	default:
		ok = errors.Is(err, ErrBroken)
	}
	if !ok {
		t.Errorf("%d: got %v, want %c", code, err, want)
	}
	if c == nil {
		return
	}
	if want == over {
		broken(t, c, err)
	} else if verb != "NOOP" {
		usable(t, c)
	}
	_ = c.Close()
}

func getF(ctx context.Context, c *Conn) error    { _, err := get(ctx, c, "/f", 0); return err }
func restF(ctx context.Context, c *Conn) error   { _, err := get(ctx, c, "/f", 5); return err }
func putF(ctx context.Context, c *Conn) error    { return put(ctx, c, "/up", "data", 0) }
func appendF(ctx context.Context, c *Conn) error { return put(ctx, c, "/f", "data", 1000) }
func listF(ctx context.Context, c *Conn) error   { _, err := names(ctx, c, "/"); return err }
func sizeF(ctx context.Context, c *Conn) error   { _, err := c.Size(ctx, "/f"); return err }
func mtimeF(ctx context.Context, c *Conn) error  { _, err := c.ModTime(ctx, "/f"); return err }
