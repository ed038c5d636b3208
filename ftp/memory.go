package ftp

import (
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
	System   string `json:",omitempty"` // what SYST says, where it was asked
	Method   string `json:",omitempty"` // "EPSV", "PASV", "PORT" or "EPRT": how data connections came about
	ListAll  Trial  // LIST takes the option -a
	Pipeline Trial  // several commands may be unanswered at once
	Ahead    Trial  // the next data connection may be agreed upon while a transfer runs
	Abort    Trial  // ABOR ends a transfer and leaves the session in order
	Goodbye  Trial  // the close of a TLS data connection is answered
	Host     Trial  // HOST names a virtual host before the login

	// ZoneKnown says that Zone holds: what LIST's times are ahead of UTC.
	ZoneKnown bool          `json:",omitempty"`
	Zone      time.Duration `json:",omitempty"`
}

// Memory is the profile of one server, shared by all sessions there. It is safe
// for use by several goroutines.
type Memory struct {
	mu        sync.Mutex
	profile   Profile
	zoneTries int  // to learn Zone, by this program
	asked     bool // for System, by this program
}

// NewMemory returns a Memory that begins with p.
func NewMemory(p Profile) *Memory { return &Memory{profile: p} }

// Profile returns what is known now.
func (m *Memory) Profile() Profile {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.profile
}

// learn changes what is known.
func (m *Memory) learn(f func(*Profile)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(&m.profile)
}
