//go:build servers

package connect_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"portside/ftp"
)

// This suite runs every behaviour against real servers, in passive and in
// active mode, over IPv4 and IPv6, plain and with TLS 1.2 and 1.3; and what
// some servers do differently against those that do. `.ci/servers start` starts
// them and names the table. -short leaves out the files over 4 GiB, and most of
// the many small ones.

// lab is what the table says.
type lab struct {
	user, password, data, ca string
	servers                  []server
}

// server is one of them; special holds words that .ci/servers explains.
type server struct {
	name, host, port, kind string
	special                []string
}

func (s server) is(word string) bool { return slices.Contains(s.special, word) }

// table is read once.
var table = sync.OnceValues(func() (lab, string) { return readTable(os.Getenv("PORTSIDE_SERVERS")) })

func theLab(t *testing.T) lab {
	t.Helper()
	l, problem := table()
	if problem != "" {
		t.Fatal(problem)
	}
	return l
}

// readTable returns what the table says, or what is wrong with it.
func readTable(name string) (lab, string) {
	if name == "" {
		return lab{}, "PORTSIDE_SERVERS does not name a table of servers: eval \"$(.ci/servers start)\""
	}
	f, err := os.Open(name)
	if err != nil {
		return lab{}, err.Error()
	}
	defer f.Close()
	var l lab
	settings := map[string]*string{"user": &l.user, "password": &l.password, "data": &l.data, "ca": &l.ca}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		switch w := strings.Fields(lines.Text()); {
		case len(w) == 3 && w[0] == "set" && settings[w[1]] != nil:
			*settings[w[1]] = w[2]
		case len(w) == 5:
			l.servers = append(l.servers, server{w[0], w[1], w[2], w[3], strings.Split(w[4], ",")})
		default:
			return lab{}, name + ": cannot read " + lines.Text()
		}
	}
	if len(l.servers) == 0 || l.data == "" {
		return lab{}, name + " names no servers"
	}
	return l, ""
}

// variant is one way to talk to a server.
type variant struct {
	server
	mode  ftp.Mode
	tls   string // the newest version; "" where there is none
	epsv  bool   // as long as the server does not refuse it
	clear bool   // without TLS, though the server has it
	bare  bool   // with TLS, but not for data
	text  bool   // with ";type=a"
}

// String returns the name of the variant, which is also that of a directory.
func (v variant) String() string {
	words := []string{v.mode.String()}
	if v.tls != "" {
		words = append(words, "tls"+v.tls)
	}
	if v.clear {
		words = append(words, "clear")
	}
	if v.bare {
		words = append(words, "bare")
	}
	if v.text {
		words = append(words, "text")
	}
	if !v.epsv {
		words = append(words, "pasv")
	}
	return strings.Join(words, "-")
}

// variants are the ways to talk to s.
func (s server) variants() []variant {
	versions := []string{"1.3", "1.2"}
	switch {
	case s.kind == "plain":
		versions = []string{""}
	case s.is("noticket"):
		versions = []string{"1.2"}
	}
	var all []variant
	for _, mode := range []ftp.Mode{ftp.Passive, ftp.Active} {
		for _, version := range versions {
			all = append(all, variant{server: s, mode: mode, tls: version, epsv: true})
		}
		if s.kind == "optional" {
			all = append(all, variant{server: s, mode: mode, epsv: true, clear: true},
				variant{server: s, mode: mode, tls: "1.3", epsv: true, bare: true})
		}
	}
	if s.is("nat") {
		all = append(all, variant{server: s, mode: ftp.Passive})
	}
	return all
}

func TestServers(t *testing.T) {
	l := theLab(t)
	for _, s := range l.servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel() // but one variant at a time: a server may take one connection alone
			for _, v := range s.variants() {
				t.Run(v.String(), func(t *testing.T) { suite(t, l, v) })
			}
		})
	}
}

// suite runs what makes sense for a variant.
func suite(t *testing.T, l lab, v variant) {
	r := newRig(t, l, v)
	step := func(name string, f func(*testing.T, *rig)) {
		if !t.Failed() { // the log at the end shows the first failure
			t.Run(name, func(t *testing.T) { f(t, r) })
		}
	}
	if v.is("noticket") {
		step("no way to transfer", testNoTicket)
		return
	}
	step("list", testList)
	step("get and put", testGetPut)
	step("make, rename, delete", testChange)
	step("trees", testTrees)
	step("many small files", testMany)
	step("pause and resume", testPause)
	if v.is("norest") {
		step("no resume", testNoResume)
	} else {
		step("resume below 4 GiB", testResume)
	}
	if v.is("one") {
		step("browse meanwhile", testOne)
	}
	step("data connections", testMethods)
}

// program is the name of the server's program.
func (s server) program() string {
	name, _, _ := strings.Cut(s.name, "-")
	return name
}
