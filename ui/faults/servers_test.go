//go:build unix && servers

package faults

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Some hundred files and two big ones, against real servers: about a minute.
// `.ci/servers start` starts them and names the table.
func TestServers(t *testing.T) {
	set, servers := table(t)
	for _, name := range []string{"vsftpd-plain", "proftpd-tls"} { // plain, and with TLS
		at := servers[name]
		if at == nil {
			t.Fatalf("%s is not in the table of servers", name)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, dir := seed(), "faults-"+name
			far := disk{root: filepath.Join(set["data"], dir), owner: ownerOf(t, set["data"])}
			t.Cleanup(func() { os.RemoveAll(far.root) })
			os.RemoveAll(far.root)
			r := trial{
				seed: n, cargo: cargo{files: 250, bigs: 1, bigSize: 64 << 20},
				weather: weather{calm: ms(500, 2500), cut: ms(1000, 5000), full: ms(1000, 4000), dead: ms(1000, 4000)},
				kills:   ms(1000, 3000), trouble: 40 * time.Second, limit: 4 * time.Minute, atLeast: 5,
				near: disk{root: t.TempDir()}, far: far, base: "/" + dir,
			}
			server := net.JoinHostPort(at[1], at[2])
			relay := r.through(t, server, at[3] != "plain", newLine(5*time.Millisecond, 6<<20, 0.002, n))
			if at[3] == "plain" {
				r.args, r.url = append(r.args, "--tls", "off"), "ftp://"+set["user"]+"@"+relay.addr()+"/"+dir
			} else {
				r.args, r.url = append(r.args, "--segments", "3", "--ca", set["ca"]), "ftpes://"+set["user"]+"@"+server+"/"+dir
			}
			r.run(t)
		})
	}
}

// table reads what .ci/servers has written: what holds for all, and the line of
// each server.
func table(t *testing.T) (set map[string]string, servers map[string][]string) {
	t.Helper()
	f, err := os.Open(os.Getenv("PORTSIDE_SERVERS"))
	if err != nil {
		t.Fatalf("PORTSIDE_SERVERS does not name a table of servers: %v", err)
	}
	defer f.Close()
	set, servers = map[string]string{}, map[string][]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		switch w := strings.Fields(lines.Text()); {
		case len(w) == 3 && w[0] == "set":
			set[w[1]] = w[2]
		case len(w) == 5:
			servers[w[0]] = w
		}
	}
	return set, servers
}

func ownerOf(t *testing.T, dir string) *syscall.Stat_t {
	t.Helper()
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t)
}
