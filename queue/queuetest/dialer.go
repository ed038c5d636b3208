package queuetest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"portside/queue"
)

// Dialer opens sessions on Disks by address. Its fields are set before use.
type Dialer struct {
	Disks    map[string]*Disk
	Password string // what the user has to answer; "" none
	Max      int    // sessions at a time and address; 0 any number
	// Hook is asked before each dial, with its number from 1, and may fail it.
	Hook func(n int, address string) error
	// Delay is how long a login takes.
	Delay time.Duration
	// Group, when set, tells the server of an address.
	Group func(address string) string
	// Twist, when set, is given each new session of an address, with its number
	// from 1.
	Twist func(n int, f *FS)
	// Gate, when set, holds dials back until it is closed.
	Gate chan struct{}

	mu       sync.Mutex
	password map[string]string
	live     map[string]int
	most     map[string]int
	dials    int
	wrong    int // logins with a wrong password
	now      int // dials under way
	mostNow  int
	together int // the most sessions at one server
}

var (
	_ queue.Dialer  = (*Dialer)(nil)
	_ queue.Grouper = (*Dialer)(nil)
)

// Server implements queue.Grouper.
func (d *Dialer) Server(address string) string {
	if d.Group == nil {
		return address
	}
	return d.Group(address)
}

// Dial implements queue.Dialer.
func (d *Dialer) Dial(ctx context.Context, address string) (queue.FS, error) {
	d.mu.Lock()
	d.dials++
	n := d.dials
	d.now++
	d.mostNow = max(d.mostNow, d.now)
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.now--
		d.mu.Unlock()
	}()
	if d.Gate != nil {
		select {
		case <-d.Gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if d.Delay > 0 {
		t := time.NewTimer(d.Delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if d.Hook != nil {
		if err := d.Hook(n, address); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	disk := d.Disks[address]
	if disk == nil {
		return nil, queue.Fail(queue.ClassServer, "no server at "+address, nil)
	}
	if d.Password != "" && d.password[address] != d.Password {
		d.wrong++
		f := queue.Fail(queue.ClassServer, "login refused", nil)
		f.Ask, f.Code = queue.AskPassword, 530
		return nil, f
	}
	if d.Max > 0 && d.atServer(address) >= d.Max {
		f := queue.Fail(queue.ClassServer, "too many connections", nil)
		f.Limit, f.Code = true, 421
		return nil, f
	}
	return d.session(n, disk, address), nil
}

// atServer counts the sessions at the server of an address. The caller holds
// the mutex.
func (d *Dialer) atServer(address string) (n int) {
	for a, live := range d.live {
		if d.Server(a) == d.Server(address) {
			n += live
		}
	}
	return n
}

// session opens one. The caller holds the mutex.
func (d *Dialer) session(n int, disk *Disk, address string) *FS {
	if d.live == nil {
		d.live, d.most = map[string]int{}, map[string]int{}
	}
	d.live[address]++
	d.most[address] = max(d.most[address], d.live[address])
	d.together = max(d.together, d.atServer(address))
	f := disk.FS(address)
	if d.Twist != nil {
		d.Twist(n, f)
	}
	f.close = func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.live[address]--
	}
	return f
}

// Answer implements queue.Dialer.
func (d *Dialer) Answer(address string, a queue.Answer) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Disks[address] == nil {
		return fmt.Errorf("no server at %s", address)
	}
	if d.password == nil {
		d.password = map[string]string{}
	}
	d.password[address] = a.Password
	return nil
}

// Dials returns how often a session was asked for, and how many at once.
func (d *Dialer) Dials() (n, atOnce int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dials, d.mostNow
}

// Live returns the sessions open at an address, and the most there were.
func (d *Dialer) Live(address string) (now, most int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.live[address], d.most[address]
}

// MostTogether returns the most sessions that there were at one server.
func (d *Dialer) MostTogether() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.together
}

// Refused returns how many logins were refused for their password.
func (d *Dialer) Refused() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wrong
}
