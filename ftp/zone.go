package ftp

import (
	"context"
	"time"

	"portside/ftp/listing"
)

// LIST tells times of the server's own zone and does not say which, MDTM tells
// UTC. So the first listing with a time of day is held back for one MDTM, and
// the difference is the zone, as far as it is a whole number of quarters of an
// hour. A server whose MDTM is in local time as well looks like one in UTC:
// nothing then tells it from one. A file of the other half of the year may be
// off by the hour of daylight saving time; the newest file is taken, so that
// what is new is right.

// clock turns the times of one LIST into UTC.
type clock struct {
	c      *Conn
	dir    string
	known  bool
	zone   time.Duration
	learns bool                        // the listing may tell the zone
	holds  bool                        // rows wait until it has
	held   []listing.Entry             // at most maxHeld
	newest [maxZoneTries]listing.Entry // of the files, the newest first
	over   bool                        // no more rows are wanted
	yield  func(listing.Entry) bool    // takes the rows
}

// newClock returns the clock of a LIST of dir.
func (c *Conn) newClock(dir string, yield func(listing.Entry) bool) *clock {
	p := c.know.Profile()
	k := &clock{c: c, dir: dir, known: p.ZoneKnown, zone: p.Zone, yield: yield}
	k.learns = c.features.Has("MDTM") && !c.absent["MDTM"] && c.know.mayTryZone()
	k.holds = k.learns && !k.known
	return k
}

// now is the server's time of day, written as UTC.
func (k *clock) now() time.Time {
	if k == nil {
		return time.Now()
	}
	return time.Now().UTC().Add(k.zone)
}

// take hands a row on, or holds it back for a while.
func (k *clock) take(e listing.Entry) bool {
	if k.learns && e.Type == listing.File && hasClock(e) {
		k.remember(e)
	}
	if k.holds && len(k.held) < maxHeld {
		k.held = append(k.held, e)
		return true
	}
	return k.release() && k.emit(e)
}

// hasClock reports whether e tells a local time of day.
func hasClock(e listing.Entry) bool {
	return !e.Zoned && !e.Time.IsZero() && e.Precision <= listing.Minute
}

// remember keeps the newest files.
func (k *clock) remember(e listing.Entry) {
	for i := range k.newest {
		if e.Time.After(k.newest[i].Time) {
			k.newest[i], e = e, k.newest[i]
		}
	}
}

// release hands on what was held back.
func (k *clock) release() bool {
	k.holds = false
	held := k.held
	k.held = nil
	for _, e := range held {
		if !k.emit(e) {
			return false
		}
	}
	return true
}

// emit hands one row on.
func (k *clock) emit(e listing.Entry) bool {
	k.over = !k.yield(k.utc(e))
	return !k.over
}

// utc moves a local time of day to UTC.
func (k *clock) utc(e listing.Entry) listing.Entry {
	if k.known && hasClock(e) {
		e.Time, e.Zoned = e.Time.Add(-k.zone), true
	}
	return e
}

// finish learns the zone at the end of a listing, if it can, and hands on what
// was held back. The error is that of the session.
func (k *clock) finish(ctx context.Context) error {
	defer k.release()
	for _, e := range k.newest {
		if e.Name == "" || k.over || !k.learns || k.c.over() != nil || !k.c.know.tryZone() {
			return nil
		}
		dialled := k.c.dialAhead(ctx) // the first file's, most often
		t, err := k.c.modTime(ctx, join(k.dir, e.Name))
		dialled()
		if fatal(err) && k.c.over() != nil {
			return err
		}
		if zone, ok := zoneOf(e, t); ok && err == nil {
			k.known, k.zone, k.learns = true, zone, false
			k.c.know.foundZone(zone)
			if zone != 0 {
				k.c.note("LIST tells times of a zone %v from UTC: they are moved", zone)
			}
		}
	}
	return nil
}

// zoneOf returns what the time of e is ahead of t, the same time in UTC.
func zoneOf(e listing.Entry, t time.Time) (time.Duration, bool) {
	const quarter = 15 * time.Minute
	ahead := e.Time.Sub(t)
	zone := ahead.Round(quarter)
	short := zone - ahead // what LIST leaves out
	return zone, !t.IsZero() && zone.Abs() <= maxZone && short >= -time.Second && short <= time.Minute
}

// join returns the path of name in dir.
func join(dir, name string) string {
	if dir == "/" {
		return dir + name
	}
	return dir + "/" + name
}

// mayTryZone reports whether the zone is still worth asking for.
func (m *Memory) mayTryZone() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.zoneTries < maxZoneTries
}

// tryZone counts an attempt to learn the zone, if there is one left.
func (m *Memory) tryZone() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.zoneTries++
	return m.zoneTries <= maxZoneTries
}

// foundZone ends the search. What an earlier run of the program found is
// renewed once in each run: daylight saving time moves it.
func (m *Memory) foundZone(zone time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.zoneTries = maxZoneTries
	m.profile.ZoneKnown, m.profile.Zone = true, zone
}
