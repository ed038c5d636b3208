package ftp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// A session whose tickets are worth nothing any more is over; the next one gets
// new ones.
func TestReuseC7(t *testing.T) {
	config, roots := newTLS(t)
	for _, reply := range []string{"522 session reuse required", "425 Operation not permitted", "450 TLS session of data connection not resumed", "421 TLS session reuse required"} {
		tr, data := tree(1000)
		s := serve(t, ftptest.Config{Tree: tr, TLS: config, ReuseRequired: true, Quirks: ftptest.Quirks{ReuseReply: reply}})
		know := NewMemory(Profile{})
		session := func() *Conn {
			return dial(t, s, withExplicit, withRoots(roots), func(cfg *Config) { cfg.Memory = know })
		}
		c := session()
		s.ForgetTickets()
		_, err := get(t.Context(), c, "/f", 0)
		var reuse *ReuseError
		var refusal *ReplyError
		if !errors.As(err, &reuse) || reuse.Final || !errors.As(err, &refusal) || fmt.Sprint(refusal.Code) != reply[:3] {
			t.Errorf("got %v", err)
		}
		broken(t, c, err)
		c = session()
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Errorf("got %d bytes, %v", len(got), err)
		}
		s.ForgetTickets() // after earlier success
		if err = put(t.Context(), c, "/up", data, 0); !errors.As(err, &reuse) || reuse.Final {
			t.Errorf("got %v", err)
		}
		broken(t, c, err)
		c = session() // began after a refusal, and has no more luck
		s.ForgetTickets()
		if _, err = names(t.Context(), c, "/"); !errors.As(err, &reuse) || !reuse.Final || reuse.SessionID {
			t.Errorf("got %v", err)
		}
	}
}

// TestSessionIDC7 meets a server that gives out no tickets in TLS 1.2.
func TestSessionIDC7(t *testing.T) {
	config, roots := newTLS(t)
	config.MaxVersion, config.SessionTicketsDisabled = tls.VersionTLS12, true
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr, TLS: config, ReuseRequired: true, Quirks: ftptest.Quirks{ReuseReply: "425 Operation not permitted"}})
	c := dial(t, s, withExplicit, withRoots(roots))
	_, err := get(t.Context(), c, "/f", 0)
	var reuse *ReuseError
	if !errors.As(err, &reuse) || !reuse.Final || !reuse.SessionID || !strings.Contains(err.Error(), "TLSSessionTickets on") {
		t.Errorf("got %v", err)
	}
}

// A refusal has another cause where data connections need not resume.
func TestRefusalWithoutReuse(t *testing.T) {
	config, roots := newTLS(t)
	config.SessionTicketsDisabled = true
	tr, _ := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, TLS: config})
	c := dial(t, s, withExplicit, withRoots(roots))
	if _, err := get(t.Context(), c, "/f", 0); err != nil {
		t.Fatal(err)
	}
	s.SetQuirks(ftptest.Quirks{Reply226: "425 No."})
	if _, err := get(t.Context(), c, "/f", 0); err == nil || errors.As(err, new(*ReuseError)) || errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
	usable(t, c)
}

// movable is a clock that a test moves.
type movable struct {
	mu  sync.Mutex
	now time.Time
}

func (c *movable) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *movable) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// An idle session whose newest ticket is old is not alive any more.
func TestTicketAgeC8(t *testing.T) {
	config, roots := newTLS(t)
	without := config.Clone()
	without.SessionTicketsDisabled = true
	for _, tt := range []struct {
		name   string
		config *tls.Config
		change func(*Config)
		alive  bool
	}{
		{"tickets", config, func(*Config) {}, false},
		{"no tickets", without, func(*Config) {}, true},
		{"data in the clear", config, func(cfg *Config) { cfg.ClearData = true }, true},
	} {
		s := serve(t, ftptest.Config{TLS: tt.config})
		at := &movable{now: time.Now()}
		c := dial(t, s, withExplicit, withRoots(roots), tt.change, func(cfg *Config) { cfg.now = at.Now })
		at.move(50 * time.Minute)
		if _, err := names(t.Context(), c, "/"); err != nil || !c.Alive() {
			t.Errorf("%s: alive %v after 50 minutes, %v", tt.name, c.Alive(), err)
		}
		at.move(50 * time.Minute) // the listing brought a new ticket
		if !c.Alive() {
			t.Errorf("%s: not alive 50 minutes after a transfer", tt.name)
		}
		at.move(11 * time.Minute)
		if c.Alive() != tt.alive {
			t.Errorf("%s: alive %v after 61 minutes", tt.name, c.Alive())
		}
		usable(t, c)
	}
}

// A long upload takes in what the server sends beside it.
func TestUploadTakesTicketsC14(t *testing.T) {
	config, roots := newTLS(t)
	s := serve(t, ftptest.Config{TLS: config})
	c := dial(t, s, withExplicit, withRoots(roots))
	u, err := c.Stor(t.Context(), "/big", 0)
	if err != nil {
		t.Fatal(err)
	}
	before, chunk := c.tickets.count(), make([]byte, 1<<20)
	for range ticketPoll/len(chunk) - 1 {
		if _, err := u.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if c.tickets.count() != before {
		t.Fatal("the upload reads all the time") // then this test shows nothing
	}
	if _, err := u.Write(chunk); err != nil {
		t.Fatal(err)
	}
	if c.tickets.count() == before {
		t.Errorf("no ticket was taken in after %d bytes", ticketPoll)
	}
	if err := u.Close(); err != nil {
		t.Error(err)
	}
}

// Few sessions shake hands at once; those that resume do not count.
func TestHandshakesAtOnceC23(t *testing.T) {
	const sessions, limit = 10, 4
	config, roots := newTLS(t)
	var mu sync.Mutex
	var once sync.Once
	running, most := 0, 0
	full, gate := make(chan struct{}), make(chan struct{})
	config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		mu.Lock()
		running++
		most = max(most, running)
		if running == limit {
			once.Do(func() { close(full) })
		}
		mu.Unlock()
		<-gate
		mu.Lock()
		running--
		mu.Unlock()
		return nil, nil
	}
	s := serve(t, ftptest.Config{TLS: config})
	cfg := configOf(s)
	cfg.Security, cfg.Memory = Explicit, NewMemory(Profile{})
	withRoots(roots)(&cfg)
	asked := make(chan struct{}, sessions)
	cfg.Trace = &Trace{Line: func(_ byte, text string) {
		if strings.HasPrefix(text, "234") {
			asked <- struct{}{}
		}
	}}
	var all sync.WaitGroup
	for range sessions {
		all.Go(func() {
			c, err := Dial(t.Context(), cfg)
			if err != nil {
				t.Error(err)
				return
			}
			_ = c.Close()
		})
	}
	for range sessions { // all want to begin
		<-asked
	}
	<-full
	close(gate)
	all.Wait()
	if most > limit {
		t.Errorf("%d handshakes at once", most)
	}
}
