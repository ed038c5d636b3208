package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// Servers that know little, or say that they know what they do not, still
// serve.
func TestPoorServersA23A30A31(t *testing.T) {
	refuse := func(reply string, verbs ...string) map[string]string {
		m := map[string]string{}
		for _, v := range verbs {
			m[v] = reply
		}
		return m
	}
	for name, q := range map[string]ftptest.Quirks{
		"A23 no FEAT, TYPE, PWD":           {Refuse: refuse("500 What?", "FEAT", "TYPE", "PWD")},
		"A23 502":                          {Refuse: refuse("502 No.", "FEAT", "TYPE", "PWD", "SIZE", "MDTM", "EPSV", "MLSD", "MLST")},
		"A23 switched off":                 {Refuse: refuse("550 Permission denied.", "OPTS", "SITE", "MFMT", "MDTM")},
		"A31 announces and refuses":        {Refuse: refuse("500 What?", "MLSD", "MLST", "SIZE", "MDTM", "MFMT", "EPSV", "EPRT", "OPTS")},
		"A31 announces what it forbids":    {Refuse: refuse("504 Not so.", "MLSD", "MLST", "MFMT", "OPTS")},
		"A30 PASV costs the session":       {Hangup: map[string]bool{"PASV": true}},
		"A30 its answer is rewritten":      {PasvAddr: "192.0.2.1", NoEPSV: true},
		"A30 EPSV's answer is cut to bits": {EPSVText: "Entering Extended Passive Mode"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr, data := tree(50_000)
			s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
			c := dial(t, s, withShort)
			all(t, c, data)
			if c.Home() != "/" {
				t.Errorf("home is %q", c.Home())
			}
			for _, line := range sent(s) {
				if strings.HasPrefix(line, "TYPE") && line != "TYPE I" {
					t.Errorf("sent %q", line)
				}
			}
		})
	}
}

// What the servers in use announce, in the forms that they use.
func TestFeaturesOfServersA31(t *testing.T) {
	for name, text := range map[string]string{
		"vsftpd":    "211-Features:\r\n AUTH TLS\r\n EPRT\r\n EPSV\r\n MDTM\r\n PASV\r\n PBSZ\r\n PROT\r\n REST STREAM\r\n SIZE\r\n TVFS\r\n211 End\r\n",
		"ProFTPD":   "211-Features:\r\n EPRT\r\n EPSV\r\n MDTM\r\n REST STREAM\r\n SIZE\r\n MLST modify*;perm*;size*;type*;unique*;\r\n211 End\r\n",
		"Pure-FTPd": "211-Extensions supported:\r\n UTF8\r\n EPRT\r\n IDLE\r\n MDTM\r\n SIZE\r\n MFMT\r\n REST STREAM\r\n MLST type*;size*;\r\n MLSD\r\n EPSV\r\n211 End.\r\n",
		"pyftpdlib": "211-Features supported:\r\n EPRT\r\n EPSV\r\n MDTM\r\n MFMT\r\n MLST type*;size*;\r\n REST STREAM\r\n SIZE\r\n TVFS\r\n UTF8\r\n211 End FEAT.\r\n",
		"old IIS":   "211-FEAT\r\n    SIZE\r\n    MDTM\r\n    EPSV\r\n    EPRT\r\n    REST STREAM\r\n211 END\r\n",
		"dashes":    "211-Features:\r\n211-SIZE\r\n211-MDTM\r\n211-EPSV\r\n211-EPRT\r\n211-REST STREAM\r\n211 End\r\n",
		"lower":     "211-features:\r\n size\r\n mdtm\r\n epsv\r\n eprt\r\n rest stream\r\n211 end\r\n",
	} {
		r, err := parse(text)
		if err != nil {
			t.Fatal(err)
		}
		f := parseFeatures(r)
		for _, want := range []string{"SIZE", "MDTM", "EPSV", "EPRT", "REST"} {
			if !f.Has(want) {
				t.Errorf("%s: %s is missing", name, want)
			}
		}
		if !strings.EqualFold(f.Args("REST"), "STREAM") || f.Has("END") || f.Has("211") {
			t.Errorf("%s: %v", name, f.args)
		}
	}
}

// What greets us where no FTP server is gets a name.
func TestOtherServersA8(t *testing.T) {
	for in, says := range map[string]string{
		"SSH-2.0-OpenSSH_9.6\r\n":                      "SSH server",
		"HTTP/1.1 400 Bad Request\r\n\r\n":             "web server",
		"<html>login to the network</html>\r\n":        "web server",
		"\x15\x03\x01\x00\x02\x02\x46":                 "TLS from the first byte",
		"Welcome to nowhere\x1b[2J\r\n":                "not an FTP reply",
		"0220 six digits are no code\r\n":              "not an FTP reply",
		"220000 six digits are no code\r\n":            "not an FTP reply",
		"* OK IMAP4 ready " + strings.Repeat("x", 999): "not an FTP reply",
	} {
		s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Greeting: strings.TrimSuffix(in, "\r\n") + "\r\n"}})
		cfg := configOf(s)
		cfg.Timeouts = short
		_, err := Dial(t.Context(), cfg)
		if !isProtocol(err) || !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v", in, err)
		}
		if err != nil && (len(err.Error()) > 250 || strings.ContainsAny(err.Error(), "\x1b\r\n")) {
			t.Errorf("%.20q: shown as %q", in, err)
		}
	}
}

// A banner of a megabyte passes, and one without end is left soon behind the
// limit.
func TestBannerA5(t *testing.T) {
	long := "220-" + strings.Repeat("x", 100_000) + "\r\n" + strings.Repeat("220-"+strings.Repeat("y", 500)+"\r\n", 1900) + "220 end\r\n"
	s := serve(t, ftptest.Config{Quiet: true, Quirks: ftptest.Quirks{Greeting: long}})
	usable(t, dial(t, s))
	for name, part := range map[string]string{"line": strings.Repeat("x", 1024), "lines": "220-" + strings.Repeat("y", 1018) + "\r\n"} {
		ours, theirs := net.Pipe()
		sent := make(chan int, 1)
		go func() { // ends when the client hangs up; the test waits for sent
			n, err := io.WriteString(theirs, "220-")
			for err == nil {
				var m int
				m, err = io.WriteString(theirs, part)
				n += m
			}
			sent <- n
		}()
		cfg := Config{Host: "192.0.2.1", dial: func(context.Context, netip.Addr, netip.AddrPort) (net.Conn, error) { return piped{ours}, nil }}
		_, err := Dial(t.Context(), cfg)
		if !isProtocol(err) || !strings.Contains(fmt.Sprint(err), "without end") {
			t.Errorf("%s: %v", name, err)
		}
		if n := <-sent; n > maxReplyTotal+64<<10 {
			t.Errorf("%s: it read %d bytes", name, n)
		}
	}
}
