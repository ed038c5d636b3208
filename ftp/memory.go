package ftp

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Trial is what is known of something that a server may or may not do.
type Trial uint8

// The outcomes of a trial.
const (
	Untried Trial = iota
	Works
	Fails
)

// MarshalText returns "", "works" or "fails".
func (t Trial) MarshalText() ([]byte, error) {
	switch t {
	case Works:
		return []byte("works"), nil
	case Fails:
		return []byte("fails"), nil
	}
	return nil, nil
}

// UnmarshalText reads what MarshalText wrote.
func (t *Trial) UnmarshalText(text []byte) error {
	switch string(text) {
	case "":
		*t = Untried
	case "works":
		*t = Works
	case "fails":
		*t = Fails
	default:
		return fmt.Errorf("%q is not the outcome of a trial", text)
	}
	return nil
}

// Profile is what sessions have learned about one server. It is a hint for the
// sessions to come, and holds no secret: it may be kept on disk.
type Profile struct {
	System     string `json:",omitempty"` // what SYST says, where it was asked
	Method     string `json:",omitempty"` // "EPSV", "PASV", "PORT" or "EPRT": how data connections came about
	ListAll    Trial  // LIST takes the option -a
	Telnet     Trial  // a byte 0xFF in a command is doubled, as the protocol wants it
	Pipeline   Trial  // several commands may be unanswered at once
	Ahead      Trial  // the next data connection may be agreed upon while a transfer runs
	Pair       Trial  // PORT is answered before the command that comes with it
	Append     Trial  // STOR behind REST keeps what is there already
	Abort      Trial  // ABOR ends a transfer and leaves the session in order
	Goodbye    Trial  // the close of a TLS data connection is answered
	Pret       Trial  // PRET has to stand before EPSV and PASV
	Compress   Trial  // MODE Z works
	CompressUp Trial  // MODE Z works for uploads
	Host       Trial  // HOST names a virtual host before the login
	Scatter    Trial  // several sessions may write one file, each at another place
	ScatterWhy string `json:",omitempty"` // why they may not

	// ZoneKnown says that Zone holds: what LIST's times are ahead of UTC.
	ZoneKnown bool          `json:",omitempty"`
	Zone      time.Duration `json:",omitempty"`
}

// Memory is what the sessions at one server share: its profile, and what holds
// for this process alone. It is safe for use by several goroutines.
type Memory struct {
	shaking chan struct{} // holds a value for each full TLS handshake under way

	mu        sync.Mutex
	profile   Profile
	zoneTries int  // to learn Zone, by this program
	asked     bool // for System, by this program

	noData      error // why listings go over the control connection
	noDataUntil time.Time
	dataAt      time.Time // when a transfer last began
	spoke       bool      // TLS was spoken
	refusals    int       // of data connections for want of a TLS session, since the last that worked
	feats       map[whom]Features
	admits      map[whom]bool // to whom user and password were enough
}

// NewMemory returns a Memory that begins with p.
func NewMemory(p Profile) *Memory {
	return &Memory{profile: p, shaking: make(chan struct{}, maxHandshakes)}
}

// Profile returns what is known now.
func (m *Memory) Profile() Profile {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.profile
}

// SpokeTLS reports whether the server has ever spoken TLS.
func (m *Memory) SpokeTLS() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.spoke
}

// MarkTLS remembers that the server speaks TLS.
func (m *Memory) MarkTLS() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spoke = true
}

// learn changes what is known.
func (m *Memory) learn(f func(*Profile)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(&m.profile)
}

// reuseRefusals returns how many data connections were refused for want of a
// TLS session since the last one that worked.
func (m *Memory) reuseRefusals() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refusals
}

// countReuse counts such a refusal, or ends the count.
func (m *Memory) countReuse(worked bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refusals++
	if worked {
		m.refusals = 0
	}
}

// shake runs a full TLS handshake when it is its turn.
func (m *Memory) shake(ctx context.Context, handshake func() error) error {
	select {
	case m.shaking <- struct{}{}:
		defer func() { <-m.shaking }()
		return handshake()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
