//go:build unix

package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// moods changes what is wrong with a server, many times a second: each of its
// quirks is there for one command in a hundred.
type moods struct {
	server *ftptest.Server
	rng    *rand.Rand
	chance float64
}

// tick is how long a mood lasts.
const tick = 30 * time.Millisecond

func (m moods) swing(ctx context.Context) {
	for wait(time.Now().Add(tick), ctx.Done()) {
		m.server.SetQuirks(m.quirks(ctx))
	}
	m.server.SetQuirks(ftptest.Quirks{})
}

func (m moods) now() bool { return m.rng.Float64() < m.chance }

// verbs are those that a session says most.
var verbs = []string{"USER", "PASS", "FEAT", "TYPE", "EPSV", "PASV", "REST", "RETR", "STOR", "MLSD", "MLST", "SIZE", "MDTM", "MFMT", "RNFR", "RNTO", "CWD", "MKD", "NOOP", "OPTS"}

func (m moods) verb() string { return verbs[m.rng.IntN(len(verbs))] }

func (m moods) quirks(ctx context.Context) (q ftptest.Quirks) {
	one := func() map[string]bool {
		if !m.now() {
			return nil
		}
		return map[string]bool{m.verb(): true, m.verb(): true, m.verb(): true}
	}
	q.At421, q.Hangup, q.Reset, q.Swallow = one(), one(), one(), one()
	if m.now() {
		q.Refuse = map[string]string{}
		for range 3 {
			v := m.verb()
			if v == "MFMT" {
				continue // a file whose time cannot be set is whole all the same
			}
			q.Refuse[v] = fmt.Sprintf("%d Not now.", []int{421, 425, 426, 450, 451}[m.rng.IntN(5)])
		}
	}
	if m.now() {
		q.Refuse = map[string]string{m.verb(): ""}
	}
	for kind := range ftptest.DropGoodbye + 1 {
		if m.now() {
			q.Drop = &ftptest.Drop{After: m.rng.Int64N(1 << 21), How: kind}
		}
	}
	if m.now() {
		stall, over := context.WithTimeout(ctx, time.Duration(m.rng.Int64N(int64(5*time.Second))))
		context.AfterFunc(stall, over)
		q.Stall, q.StallAfter = stall.Done(), m.rng.Int64N(1<<21)
	}
	if m.now() {
		q.Truncate, q.TruncateAfter = true, m.rng.Int64N(1<<21)
	}
	q.CutListings = m.now()
	q.CloseGreeting, q.HideReply226, q.EarlyReply226 = m.now(), m.now(), m.now()
	q.IgnoreREST, q.NoREST, q.PortBlocked, q.EPSVBlocked = m.now(), m.now(), m.now(), m.now()
	q.LosesBursts, q.AcceptAfter150 = m.now(), m.now()
	if m.now() {
		q.RESTShift = m.rng.Int64N(3) - 1
	}
	return q
}

// TestSoak goes on for FAULTS_SOAK, as in 30m: over and over, with a server
// whose quirks come and go.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("FAULTS_SOAK"))
	if err != nil {
		t.Skip("FAULTS_SOAK does not say for how long")
	}
	first := seed()
	for n, began := first, time.Now(); time.Since(began) < length && !t.Failed(); n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) { soak(t, n) })
	}
}

func soak(t *testing.T, n uint64) {
	tree := ftptest.NewTree()
	server, err := ftptest.Start(ftptest.Config{Tree: tree, Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	r := trial{
		seed: n, cargo: cargo{files: 200, bigs: 2, bigSize: 20 << 20},
		weather: weather{calm: ms(500, 5000), cut: ms(100, 3000), full: ms(100, 3000), dead: ms(100, 3000)},
		kills:   ms(2000, 10000), trouble: 40 * time.Second, limit: 5 * time.Minute,
		near: disk{root: t.TempDir()}, far: memory{tree: tree, root: "/work"}, base: "/work",
		args: []string{"--tls", "off", "--timeout", "3s"},
	}
	if n%2 == 1 {
		r.args = append(r.args, "--segments", "3")
	}
	chance := float64(number(t, "FAULTS_CHANCE", 1)) / 100
	relay := r.through(t, server.Addr(), false, newLine(time.Millisecond, 4<<20, 0.005, n))
	r.url = "ftp://demo@" + relay.addr() + "/work"
	ctx, calm := context.WithTimeout(t.Context(), r.trouble)
	defer calm()
	var swinging sync.WaitGroup
	defer swinging.Wait()
	r.start = func() {
		// Ends with ctx; awaited above.
		swinging.Go(func() { moods{server, rand.New(rand.NewPCG(n, 6)), chance}.swing(ctx) })
	}
	r.run(t)
}
