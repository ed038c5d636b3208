package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// Without a terminal nobody can be asked: the advice names the pin, which works.
func TestUntrustedCertificate(t *testing.T) {
	conf, _, err := ftptest.NewTLS("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, ftptest.Config{TLS: conf})
	w := newWorld(t)
	r := w.run("ls", at(s, ""))
	r.want(t, 5, "unknown authority", "--ca", "--pin sha256//")
	w.run("ls", "--tls", "require", at(s, "")).want(t, 5)
	w.run("ls", "--tls", "off", at(s, "")).want(t, 0)
	w.run("get", at(s, "a.txt"), t.TempDir()).want(t, 5)
	pin := regexp.MustCompile(`sha256//[^;\s]+`).FindString(r.errors)
	w.run("ls", "--pin", pin, at(s, "")).want(t, 0)
	w.run("get", "--pin", strings.Repeat("00", 32), "--pin", pin, at(s, "a.txt"), t.TempDir()).want(t, 0)
	w.run("ls", "--pin", strings.Repeat("00", 32), at(s, "")).want(t, 5, "another key", pin)
}

func TestTLSFlags(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w := newWorld(t)
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"--pin", "x"}, "not the SHA-256 of a key"},
		{[]string{"--key", "x"}, "--key needs --cert"},
		{[]string{"--tls-max", "1.1"}, "1.2 or 1.3"},
		{[]string{"--ca", "none.crt"}, "--ca: open none.crt"},
		{[]string{"--ca", "trust_test.go"}, "--ca: trust_test.go holds no certificate"},
		{[]string{"--cert", "none.crt"}, "--cert: the certificate none.crt"},
	} {
		w.run(append(append([]string{"ls"}, tt.args...), at(s, ""))...).want(t, 2, tt.says)
	}
}

// TestOnceTLS is about the mark on disk: the next run keeps to it.
func TestOnceTLS(t *testing.T) {
	conf, _, err := ftptest.NewTLS("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, ftptest.Config{TLS: conf})
	w := newWorld(t)
	w.data = filepath.Join(t.TempDir(), "portside")
	pin := regexp.MustCompile(`sha256//[^;\s]+`).FindString(w.run("ls", at(s, "")).errors)
	known := filepath.Join(w.data, "known_certs")
	if _, err := os.Stat(known); err == nil {
		t.Error("a certificate that is not trusted leaves a mark")
	}
	w.run("ls", "--pin", pin, at(s, "")).want(t, 0)
	if !strings.Contains(read(t, known), "tls "+s.Addr()+" ") {
		t.Errorf("no mark in\n%s", read(t, known))
	}
	s.SetQuirks(ftptest.Quirks{Refuse: map[string]string{"AUTH": "500 what?"}})
	w.run("ls", "--pin", pin, at(s, "")).want(t, 5, "spoke TLS before", "--tls off")
	w.run("ls", "--tls", "off", at(s, "")).want(t, 0)

	write(t, known, "portside known_certs 2\n") // a later format: said, and kept
	r := w.run("ls", "--tls", "off", at(s, ""))
	if r.status != 0 || !strings.Contains(r.errors, "newer portside") {
		t.Errorf("%d %s", r.status, r.errors)
	}
	s.SetQuirks(ftptest.Quirks{})
	w.run("ls", "--quiet", "--pin", pin, at(s, ""))
	if got := read(t, known); got != "portside known_certs 2\n" {
		t.Errorf("the file became\n%s", got)
	}
}
