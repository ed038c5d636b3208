//go:build unix

// Package faults holds no program, only a trial of one: it starts portside on a
// terminal as a person does, lets it copy a tree each way, and meanwhile cuts
// the line, breaks connections, kills the server, and kills portside every few
// seconds. The person does nothing but start it again. In the end both sides
// are the same, byte by byte, and nothing was sent twice.
package faults

import (
	"hash/maphash"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

var build struct {
	sync.Once
	file string
	err  error
	out  []byte
}

// program is the binary: that of PORTSIDE, or one that is built.
func program(t *testing.T) string {
	t.Helper()
	build.Do(func() {
		if build.file = os.Getenv("PORTSIDE"); build.file != "" {
			return
		}
		dir, err := os.MkdirTemp("", "portside-faults")
		if err != nil {
			build.err = err
			return
		}
		build.file = filepath.Join(dir, "portside")
		build.out, build.err = exec.Command("go", "build", "-buildvcs=false", "-o", build.file, "portside").CombinedOutput()
	})
	if build.err != nil {
		t.Fatalf("%v: %s", build.err, build.out)
	}
	return build.file
}

func TestMain(m *testing.M) {
	status := m.Run()
	if os.Getenv("PORTSIDE") == "" && build.file != "" {
		os.RemoveAll(filepath.Dir(build.file))
	}
	os.Exit(status)
}

// seed is FAULTS_SEED, or another one each time.
func seed() uint64 {
	if n, err := strconv.ParseUint(os.Getenv("FAULTS_SEED"), 10, 64); err == nil {
		return n
	}
	return new(maphash.Hash).Sum64() % 1e9
}

func ms(from, to int) span {
	return span{time.Duration(from) * time.Millisecond, time.Duration(to) * time.Millisecond}
}

// through puts a relay between portside and a server.
func (r *trial) through(t *testing.T, server string, socks bool, l *line) *relay {
	t.Helper()
	relay, err := newRelay(server, socks, l, r.seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(relay.close)
	r.sky = over{relay}
	if socks {
		r.args = append(r.args, "--proxy", "socks5://"+relay.addr())
		return relay
	}
	r.commands = func(string) []command { return relay.record.commands() }
	r.tail = relay.record.tail
	return relay
}

// A small tree, over in a few seconds.
func TestKillsAndFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	tree := ftptest.NewTree()
	server, err := ftptest.Start(ftptest.Config{Tree: tree})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	n := seed()
	r := trial{
		seed: n, cargo: cargo{files: 26, bigs: 1, bigSize: 2 << 20},
		weather: weather{calm: ms(50, 300), cut: ms(100, 500), full: ms(100, 500), dead: ms(100, 500)},
		kills:   ms(200, 800), trouble: 2500 * time.Millisecond, limit: time.Minute, atLeast: 2,
		near: disk{root: t.TempDir()}, far: memory{tree: tree, root: "/work"}, base: "/work",
		args: []string{"--tls", "off"},
	}
	relay := r.through(t, server.Addr(), false, newLine(time.Millisecond, 3<<20, 0.01, n))
	r.url = "ftp://demo@" + relay.addr() + "/work"
	r.run(t)
}
