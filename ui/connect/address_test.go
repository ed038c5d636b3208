package connect

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portside/ftp"
)

func TestParse(t *testing.T) {
	tests := []struct {
		raw  string
		s    Settings
		want Target
	}{
		{"ftp://example.com", Settings{}, Target{Address: "ftp://example.com:21", Label: "example.com", Host: "example.com", Port: 21}},
		{"example.com", Settings{}, Target{Address: "ftp://example.com:21", Label: "example.com", Host: "example.com", Port: 21}},
		{"FTP://Demo@Example.COM./a/b", Settings{}, Target{Address: "ftp://Demo@example.com:21", Label: "Demo@example.com", User: "Demo", Host: "example.com", Port: 21, Path: "a/b"}},
		{"ftps://u:p%40ss@h//abs/x", Settings{}, Target{Address: "ftps://u@h:990", Label: "u@h", User: "u", Password: "p@ss", HasPass: true, Host: "h", Port: 990, Path: "/abs/x"}},
		{"ftpes://u@h:2121/%2Fetc/motd", Settings{}, Target{Address: "ftpes://u@h:2121", Label: "u@h", User: "u", Host: "h", Port: 2121, Path: "/etc/motd"}},
		{"ftp://me@work@h/", Settings{}, Target{Address: "ftp://me%40work@h:21", Label: "me@work@h", User: "me@work", Host: "h", Port: 21}},
		{"ftp://[::1]:2105/x", Settings{}, Target{Address: "ftp://[::1]:2105", Label: "::1", Host: "::1", Port: 2105, Path: "x"}},
		{"ftp://h/what?%23#1.txt", Settings{}, Target{Address: "ftp://h:21", Label: "h", Host: "h", Port: 21, Path: "what?##1.txt"}},
		{"ftp://h/file;type=i", Settings{}, Target{Address: "ftp://h:21", Label: "h", Host: "h", Port: 21, Path: "file"}},
		{"ftp://h/file;Type=A", Settings{Compress: true}, Target{Address: "ftp://h:21?compress=yes&type=a", Label: "h", Host: "h", Port: 21, Path: "file", Text: true}},
		{"ftp://h/dir;type=D", Settings{}, Target{Address: "ftp://h:21", Label: "h", Host: "h", Port: 21, Path: "dir"}},
		{"ftp://h/a;type=x/b", Settings{}, Target{Address: "ftp://h:21", Label: "h", Host: "h", Port: 21, Path: "a;type=x/b"}},
		{"ftp://h/a/../b/", Settings{}, Target{Address: "ftp://h:21", Label: "h", Host: "h", Port: 21, Path: "b"}},
		{"ftp://h/x", Settings{TLS: "off", User: "joe"}, Target{Address: "ftp://joe@h:21?tls=off", Label: "joe@h", User: "joe", Host: "h", Port: 21, Path: "x"}},
		{"ftp://h/x", Settings{TLS: "require"}, Target{Address: "ftpes://h:21", Label: "h", Host: "h", Port: 21, Path: "x"}},
		{"ftp://h/x", Settings{TLS: "implicit"}, Target{Address: "ftps://h:990", Label: "h", Host: "h", Port: 990, Path: "x"}},
		{"ftp://h", Settings{Account: "a b", Compress: true}, Target{Address: "ftp://h:21?account=a+b&compress=yes", Label: "h", Host: "h", Port: 21}},
		{"ftp://h", Settings{Charset: "gbk"}, Target{Address: "ftp://h:21?charset=gbk", Label: "h", Host: "h", Port: 21}},
		{"ftp://h", Settings{Mode: ftp.Active, ActiveAddress: netip.MustParseAddr("203.0.113.7"), ActivePorts: ftp.PortRange{Lo: 5000, Hi: 5010}, Timeout: time.Second},
			Target{Address: "ftp://h:21?active-address=203.0.113.7&active-ports=5000-5010&mode=active&timeout=1s", Label: "h", Host: "h", Port: 21}},
	}
	for _, tt := range tests {
		got, err := Parse(tt.raw, tt.s)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.raw, err)
			continue
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("Parse(%q): -want +got\n%s", tt.raw, d)
		}
		if _, err := config(got.Address); err != nil {
			t.Errorf("config(%q): %v", got.Address, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for raw, want := range map[string]string{
		"http://h/x":             "is not ftp",
		"ftp://":                 "a host is missing",
		"ftp:///x":               "a host is missing",
		"ftp://h:0/":             "is not a port",
		"ftp://h:66000/":         "is not a port",
		"ftp://::1/":             "stands in brackets",
		"ftp://[::1/":            "is not closed",
		"ftp://[nonsense]/":      "is not an IPv6 address",
		"ftp://h/a%0D%0ADELE b":  "line end",
		"ftp://h/a%00":           "NUL",
		"ftp://h/a%zz":           "%25",
		"ftp://h/x;type=q":       "is not a, i or d",
		"ftp://h/a\r\nDELE b":    "control characters",
		"ftp://u:100%@h/":        "%25",
		"ftp://u:s3cret@h:99999": "is not a port",
		"ftp://u:no/s3cret@h":    "%2F",
	} {
		_, err := Parse(raw, Settings{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): got %v, want words with %q", raw, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("Parse(%q) shows the password: %v", raw, err)
		}
	}
	for _, tt := range []struct{ raw, tls string }{{"ftps://h", "off"}, {"ftpes://h", "auto"}, {"ftpes://h", "implicit"}, {"ftp://h", "maybe"}} {
		if _, err := Parse(tt.raw, Settings{TLS: tt.tls}); err == nil {
			t.Errorf("Parse(%q) with --tls %s: no error", tt.raw, tt.tls)
		}
	}
}

func TestResolve(t *testing.T) {
	for _, tt := range []struct{ path, home, want string }{
		{"", "/home/u", "/home/u"}, {"a/b", "/home/u", "/home/u/a/b"}, {"/x", "/home/u", "/x"}, {"a", "/", "/a"}, {"/x/../..", "/h", "/"},
	} {
		if got := (Target{Path: tt.path}).Resolve(tt.home); got != tt.want {
			t.Errorf("%q from %q: got %q, want %q", tt.path, tt.home, got, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"ftp://u:p@h:21/a;type=i", "ftps://[::1]/%2F", "h", "ftp://@/", "ftp://u:%@h", "0/\xf9;tYpe="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := Parse(raw, Settings{})
		if err != nil {
			return
		}
		if strings.ContainsAny(got.Path+got.Host, "\r\n\x00") {
			t.Fatalf("%q: a line end got through: %+v", raw, got)
		}
		cfg, err := config(got.Address)
		if err != nil {
			t.Fatalf("%q: address %q does not read back: %v", raw, got.Address, err)
		}
		if cfg.User != got.User || cfg.Port != got.Port {
			t.Fatalf("%q: %+v became %+v", raw, got, cfg)
		}
	})
}

// The character set of an address reaches the session, and a wrong one is
// refused.
func TestAddressNamesACharset(t *testing.T) {
	if cfg, err := config("ftp://h:21?account=a+b&compress=yes"); err != nil || cfg.Account != "a b" || !cfg.Compress {
		t.Errorf("%+v, %v", cfg, err)
	}
	if cfg, err := config("ftp://h:21?charset=gbk"); err != nil || cfg.Charset != "gbk" {
		t.Error(cfg.Charset, err)
	}
	if _, err := config("ftp://h:21?charset=utf-16"); err == nil || !strings.Contains(err.Error(), "utf-16 cannot be used") {
		t.Error(err)
	}
}
