package ftp

import (
	"strings"
	"testing"

	"portside/ftp/ftptest"
	"portside/ftp/listing"
)

// SYST is asked once for a server, and only where listings have to be guessed.
func TestSystem(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: ftptest.Demo()})
	c := dial(t, s)
	if listed(t, c, "/"); c.System() != "" || countVerb(s, "SYST") != 0 {
		t.Errorf("asked in spite of MLSD: %q", c.System())
	}
	s = serve(t, ftptest.Config{Tree: ftptest.Demo(), Quirks: ftptest.Quirks{NoMLSD: true}})
	memory := NewMemory(Profile{})
	for range 2 {
		c := dial(t, s, func(cfg *Config) { cfg.Memory = memory })
		if listed(t, c, "/"); c.System() != "UNIX Type: L8" {
			t.Errorf("%q", c.System())
		}
	}
	if n := countVerb(s, "SYST"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	s = serve(t, ftptest.Config{Tree: ftptest.Demo(), Quirks: ftptest.Quirks{NoMLSD: true, Refuse: map[string]string{"SYST": "502 No."}}})
	c = dial(t, s)
	if listed(t, c, "/"); c.System() != "" {
		t.Errorf("%q", c.System())
	}
	if got := systemOf(reply{code: 215, lines: []string{"215  A   " + strings.Repeat("x", 200)}}); len(got) != 80 || !strings.HasPrefix(got, "A x") {
		t.Errorf("%q", got)
	}
}

func TestSystemHints(t *testing.T) {
	for system, want := range map[string]listing.Dialect{
		"": listing.Unix, "UNIX Type: L8": listing.Unix, "Windows_NT": listing.DOS, "Windows_NT version 10.0": listing.DOS,
		"MVS is the operating system of this server. FTP Server is running on z/OS.": listing.MVS,
		"VMS OpenVMS V8.4": listing.VMS, " OS/400 is the remote operating system.": listing.AS400, "z/VM Version 7 Release 2": listing.ZVM,
		"VM/ESA is the operating system": listing.ZVM, "OS/2 ftpd": listing.OS2, "NETWARE Type: L8": listing.Netware,
		"Nonstop OS": listing.NonStop, "GUARDIAN 90": listing.NonStop, "VxWorks (5.4)": listing.VxWorks, "MACOS Peter's Server": listing.MacWebStar,
		"OS9/68k": listing.OS9,
	} {
		if got := hintOf(system); got != want {
			t.Errorf("%q lists like %v, not %v", system, got, want)
		}
	}
}

// On systems where "-a" would be a pattern LIST goes without it.
func TestListWithoutOptionOnMainframes(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: ftptest.Demo(), Quirks: ftptest.Quirks{NoMLSD: true, Refuse: map[string]string{"SYST": "215 MVS is the operating system of this server."}}})
	c := dial(t, s)
	listed(t, c, "/")
	for _, cmd := range sent(s) {
		if cmd == "LIST -a" {
			t.Error("an option was sent")
		}
	}
}
