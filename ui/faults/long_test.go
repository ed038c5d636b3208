//go:build unix

package faults

import (
	"cmp"
	"context"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// commands is a sky that shell commands make: FAULTS_CUT and FAULTS_MEND,
// FAULTS_STORM and FAULTS_CALM, FAULTS_KILL and FAULTS_START, FAULTS_RESET.
// What is not set does not happen.
type commands struct{ t *testing.T }

func (c commands) do(name string) {
	if os.Getenv(name) == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "bash", "-c", os.Getenv(name)).CombinedOutput(); err != nil {
		c.t.Errorf("%s: %v: %s", name, err, out)
	}
}

func (c commands) either(on bool, yes, no string) {
	if on {
		c.do(yes)
	} else {
		c.do(no)
	}
}

func (c commands) cut(on bool)  { c.either(on, "FAULTS_CUT", "FAULTS_MEND") }
func (c commands) full(on bool) { c.either(on, "FAULTS_STORM", "FAULTS_CALM") }
func (c commands) dead(on bool) { c.either(on, "FAULTS_KILL", "FAULTS_START") }
func (c commands) reset()       { c.do("FAULTS_RESET") }

// number is a number from the environment.
func number(t *testing.T, name string, usual int64) int64 {
	t.Helper()
	n, err := strconv.ParseInt(cmp.Or(os.Getenv(name), strconv.FormatInt(usual, 10)), 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestLong is what .ci/faults runs; it says what the variables mean.
func TestLong(t *testing.T) {
	if os.Getenv("FAULTS_URL") == "" {
		t.Skip(".ci/faults runs this")
	}
	u, err := url.Parse(os.Getenv("FAULTS_URL"))
	if err != nil {
		t.Fatal(err)
	}
	at, err := os.Stat(os.Getenv("FAULTS_DATA"))
	if err != nil {
		t.Fatal(err)
	}
	n := seed()
	r := trial{
		seed:    n,
		cargo:   cargo{files: int(number(t, "FAULTS_FILES", 2000)), bigs: int(number(t, "FAULTS_BIGS", 2)), bigSize: number(t, "FAULTS_BIG", 1<<30)},
		weather: weather{calm: ms(3000, 20000), cut: ms(30000, 31000), full: ms(3000, 12000), dead: ms(3000, 12000)},
		kills:   ms(2000, 8000), atLeast: 5,
		trouble: time.Duration(number(t, "FAULTS_TROUBLE", 1200)) * time.Second,
		limit:   time.Duration(number(t, "FAULTS_LIMIT", 2700)) * time.Second,
		near:    disk{root: t.TempDir()}, far: disk{root: os.Getenv("FAULTS_DATA"), owner: at.Sys().(*syscall.Stat_t)},
		daysOnly: os.Getenv("FAULTS_DAYS") != "",
		base:     u.Path, args: strings.Fields(os.Getenv("FAULTS_ARGS")), sky: commands{t},
	}
	if os.Getenv("FAULTS_DIRECT") == "" {
		plain := u.Scheme == "ftp"
		relay := r.through(t, u.Host, !plain, newLine(25*time.Millisecond, 0, 0.01, n))
		if plain {
			u.Host = relay.addr()
		}
	}
	r.url = u.String()
	r.run(t)
}
