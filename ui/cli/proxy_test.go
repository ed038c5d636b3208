package cli

import (
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// The password of a proxy comes from the environment or from its URL.
func TestProxy(t *testing.T) {
	s := serve(t, ftptest.Config{})
	p, err := ftptest.StartProxy(ftptest.ProxyConfig{HTTP: true, User: "me", Password: "k33per"})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	w := newWorld(t)
	ls := func(proxy string) result {
		return w.run("ls", "--tls", "off", "--proxy", proxy, "ftp://demo@"+s.Addr()+"/")
	}
	ls("http://me@"+p.Addr()).want(t, 3, "user name or password (407)")
	r := ls("http://me:k33per@" + p.Addr())
	if r.status != 0 || !strings.Contains(r.errors, "PORTSIDE_PROXY_PASSWORD keeps it private") || strings.Contains(r.errors, "k33per") {
		t.Error(r.status, r.errors)
	}
	w.env["PORTSIDE_PROXY_PASSWORD"] = "k33per"
	ls("http://me@"+p.Addr()).want(t, 0)
	if len(p.Targets()) < 4 {
		t.Errorf("the proxy saw %q", p.Targets())
	}
}
