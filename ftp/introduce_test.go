package ftp

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// named makes the config name a host, and reach it at s.
func named(s server, host string, know *Memory) func(*Config) {
	return func(cfg *Config) {
		cfg.Host, cfg.Memory = host, know
		cfg.lookup = func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr(s.Host())}, nil
		}
	}
}

// A virtual host is named before the login, where the server has HOST.
func TestHostIsNamed(t *testing.T) {
	for reply, want := range map[string]Trial{"220 yes": Works, "504 unknown host": Fails} {
		s := script(t, ftptest.Send("220 hi\r\n"), ftptest.Exchange("FEAT", "211-x\r\n HOST\r\n SIZE\r\n211 end\r\n"),
			ftptest.Exchange("HOST files.example", reply+"\r\n"), ftptest.Exchange("USER demo", "230 in\r\n"), ftptest.Exchange("PWD", "257 \"/\"\r\n"))
		know := NewMemory(Profile{})
		c := dial(t, s, named(s, "files.example.", know))
		if got := know.Profile().Host; got != want || !c.Features().Has("SIZE") {
			t.Errorf("%s: the profile says %d", reply, got)
		}
	}
}

// Where there is no HOST, a login costs what it costs without asking for it.
func TestHostCostsNothing(t *testing.T) {
	s := serve(t, ftptest.Config{})
	know := NewMemory(Profile{})
	for want, host := range map[string]string{"USER demo|PASS demo|FEAT|OPTS UTF8 ON|PWD": "127.0.0.1", "FEAT|USER demo|PASS demo|OPTS UTF8 ON|PWD": "files.example"} {
		before := len(sent(s))
		dial(t, s, named(s, host, know))
		if got := strings.Join(sent(s)[before:], "|"); got != want {
			t.Errorf("%s: sent %s", host, got)
		}
	}
	before := len(sent(s))
	dial(t, s, named(s, "files.example", know))
	if got := strings.Join(sent(s)[before:], "|"); got != "USER demo|PASS demo|OPTS UTF8 ON|PWD" || know.Profile().Host != Fails {
		t.Errorf("known not to have it: sent %s", got)
	}
	shy := script(t, ftptest.Send("220 hi\r\n"), ftptest.Exchange("FEAT", "530 log in first\r\n"), ftptest.Exchange("USER demo", "230 in\r\n"),
		ftptest.Exchange("FEAT", "211-x\r\n SIZE\r\n211 end\r\n"), ftptest.Exchange("PWD", "257 \"/\"\r\n"))
	if c := dial(t, shy, named(shy, "files.example", NewMemory(Profile{}))); !c.Features().Has("SIZE") {
		t.Error("the features after the login are unknown")
	}
}

// CLNT goes out where it is wanted, without a version, and without a round trip
// of its own at servers that are known to bear it.
func TestClientIsNamedH16(t *testing.T) {
	begin := func(greeting string) []ftptest.Step {
		return []ftptest.Step{ftptest.Send(greeting), ftptest.Exchange("USER demo", "230 in\r\n"),
			ftptest.Exchange("FEAT", "211-x\r\n CLNT\r\n utf8\r\n211 end\r\n")}
	}
	s := script(t, append(begin("220 hi\r\n"), ftptest.Exchange("CLNT portside", "200 hello\r\n"),
		ftptest.Exchange("OPTS UTF8 ON", "501 no\r\n"), ftptest.Exchange("PWD", "257 \"/home\"\r\n"))...)
	c := dial(t, s)
	s = script(t, ftptest.Send(known), ftptest.Exchange("USER demo", "230 in\r\n"),
		ftptest.Expect("FEAT"), ftptest.Expect("PWD"), ftptest.Expect("TYPE I"), ftptest.Expect("EPSV"),
		ftptest.Send("211-x\r\n CLNT\r\n utf8\r\n211 end\r\n257 \"/home\"\r\n200 ok\r\n229 (|||2345|)\r\n"),
		ftptest.Expect("CLNT portside"), ftptest.Expect("OPTS UTF8 ON"), ftptest.Send("200 hello\r\n501 no\r\n"))
	d := dial(t, s)
	if c.Home() != "/home" || d.Home() != "/home" || c.kind != "" || d.kind != "I" {
		t.Errorf("homes %s and %s, types %q and %q", c.Home(), d.Home(), c.kind, d.kind)
	}
}

func TestIsHostName(t *testing.T) {
	for s, want := range map[string]bool{
		"files.example": true, "localhost": true, "a-b_c.d1": true,
		"127.0.0.1": false, "::1": false, "fe80::1%eth0": false, "": false, "a b": false, "a..b": false, "x\r\nDELE y": false,
	} {
		if got := isHostName(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// A7: 0xFF is doubled, as the protocol wants it, but for servers that would take
// it for two.
func TestByte255OutgoingA7(t *testing.T) {
	for greeting, want := range map[string]string{
		"220 ProFTPD Server ready.\r\n": "DELE /\xff\xff", "220 (vsFTPd 3.0.3)\r\n": "DELE /\xff", "220 pyftpdlib based ftpd ready.\r\n": "DELE /\xff",
		"220-Welcome to Pure-FTPd\r\n220 hi\r\n": "DELE /\xff", "220 hi\r\n": "DELE /\xff\xff",
	} {
		steps := []ftptest.Step{ftptest.Send(greeting), ftptest.Exchange("USER demo", "230 in\r\n"), ftptest.Exchange("FEAT", "500 no\r\n"),
			ftptest.Exchange("PWD", "257 \"/\"\r\n")}
		if patienceOf(greeting) != patienceUnknown {
			steps = append(steps, ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("EPSV", "500 no\r\n"))
		}
		s := script(t, append(steps, ftptest.Exchange(want, "250 gone\r\n"))...)
		if err := dial(t, s).Delete(t.Context(), "/\xff"); err != nil {
			t.Errorf("%q: %v", greeting, err)
		}
	}
}

// Families of commands are told apart, whatever stands between their members,
// and lines may be decorated.
func TestFeaturesOfAFamilyA31(t *testing.T) {
	r, err := parse("211-Extensions:\r\n SITE UTIME\r\n SITE SYMLINK\r\n site pswd;CHMOD, MSG\r\n * MODE Z\r\n- LANG EN*\r\n211-MDTM;\r\n Size\r\n211 End\r\n")
	if err != nil {
		t.Fatal(err)
	}
	f := parseFeatures(r)
	for _, name := range []string{"SITE UTIME", "SITE SYMLINK", "SITE PSWD", "SITE CHMOD", "site msg", "MODE Z", "LANG", "MDTM", "SIZE"} {
		if !f.Has(name) {
			t.Errorf("%s is missing", name)
		}
	}
	if f.Args("LANG") != "EN*" || f.Has("MODE S") || f.Has("End") {
		t.Errorf("got %v", f)
	}
}
