package ftp

import (
	"crypto/tls"
	"sync"
	"time"
)

// ticketLife is how old the newest ticket of an idle session may become. What
// servers take differs from some hours to days; one that takes it no longer
// may cut uploads to nothing.
const ticketLife = time.Hour

// tickets is the session cache of one login. It knows when the last ticket
// came. Package tls fills it from within Read, of whichever connection.
type tickets struct {
	tls.ClientSessionCache
	now func() time.Time

	mu   sync.Mutex
	n    int       // tickets that came
	last time.Time // when the newest one did
}

// Put implements tls.ClientSessionCache.
func (t *tickets) Put(key string, cs *tls.ClientSessionState) {
	if cs != nil {
		t.mu.Lock()
		t.n, t.last = t.n+1, t.now()
		t.mu.Unlock()
	}
	t.ClientSessionCache.Put(key, cs)
}

// holds reports whether a session of that name can be resumed.
func (t *tickets) holds(name string) bool {
	_, ok := t.Get(name)
	return ok
}

// count returns how many tickets came so far.
func (t *tickets) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}

// stale reports whether the newest ticket is too old to rely on. A server that
// sends none wants none.
func (t *tickets) stale() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n > 0 && t.now().Sub(t.last) > ticketLife
}
