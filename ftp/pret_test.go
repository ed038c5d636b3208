package ftp

import (
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// PRET is sent where the server asks for it, from then on in all sessions.
func TestPret(t *testing.T) {
	data := []ftptest.Step{ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.SendData("data"), ftptest.CloseData(), ftptest.Send("226 ok\r\n")}
	steps := append(offering("PRET"), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("EPSV", "500 You need to use a client supporting PRET (PRE Transfer) to use PASV\r\n"),
		ftptest.Exchange("PRET RETR /a b", "200 planned\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /a b"))
	steps = append(append(steps, data...), ftptest.Exchange("PRET RETR /c", "200 planned\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /c"))
	know := NewMemory(Profile{})
	remember := func(cfg *Config) { cfg.Memory = know }
	c := dial(t, script(t, append(steps, data...)...), remember)
	for _, path := range []string{"/a b", "/c"} {
		if got, err := get(t.Context(), c, path, 0); err != nil || got != "data" {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	if know.Profile().Pret != Works {
		t.Error("the profile does not say so")
	}
	next := script(t, append(append(offering("PRET"), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("PRET RETR /a", "200 planned\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /a")), data...)...)
	if got, err := get(t.Context(), dial(t, next, remember), "/a", 0); err != nil || got != "data" {
		t.Errorf("%q, %v", got, err)
	}
	refused := script(t, append(offering("PRET"), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("PRET RETR /a", "550 no such file\r\n"))...)
	if _, err := get(t.Context(), dial(t, refused, remember, withPassive), "/a", 0); !isCode(550)(err) {
		t.Errorf("got %v", err)
	}
}

// Announced alone, PRET costs nothing.
func TestPretIsNotWanted(t *testing.T) {
	steps := append(offering("PRET"), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /a"),
		ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.SendData("data"), ftptest.CloseData(), ftptest.Send("226 ok\r\n"))
	s := script(t, steps...)
	if got, err := get(t.Context(), dial(t, s), "/a", 0); err != nil || got != "data" {
		t.Errorf("%q, %v", got, err)
	}
	for _, cmd := range sent(s) {
		if strings.HasPrefix(cmd, "PRET") {
			t.Errorf("sent %s", cmd)
		}
	}
}
