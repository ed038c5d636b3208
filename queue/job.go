package queue

import "time"

// group is a place in the order of the screen.
type group uint8

const (
	gRunning group = iota
	gAsking
	gFailed
	gPaused
	gWaiting
	gEnded
	groups
)

// code is a [State] in one byte.
type code uint8

const (
	waiting code = iota
	scanning
	running
	finishing
	asking
	paused
	failed
	cancelled
	skipped
	done
	codes
)

func (c code) state() State {
	return [codes]State{Waiting, Scanning, Running, Finishing, Asking, Paused, Failed, Cancelled, Skipped, Done}[c]
}

func (c code) group() group {
	return [codes]group{gWaiting, gRunning, gRunning, gRunning, gAsking, gPaused, gFailed, gEnded, gEnded, gEnded}[c]
}

// ended reports whether nothing more happens without a person.
func (c code) ended() bool { return c == failed || c.group() == gEnded }

// flag is a yes-or-no fact about a job.
type flag uint16

const (
	isReady    flag = 1 << iota // a worker may take it
	isFree                      // nothing stood at the target when its directory was read
	isFresh                     // the source has just been seen; size and time are true
	hasMode                     // mode is known
	isGone                      // no longer in the list
	isSum                       // a directory's job that ended by what is below: the totals count that
	isUnfit                     // skipped for what it is, not because of its target
	isVerified                  // both ends told the same checksum
	isUnsaved                   // its Add is not on disk yet
	isRestored                  // an earlier process may have come further with it than is known
)

// job is one job. A million of them must fit in memory: what only running,
// asking or failed ones need is in extra, and paths are made from the parents.
type job struct {
	id      ID
	version uint64
	root    *root
	parent  *job   // the directory's job that made this one
	name    string // of the source in its directory; without parent: its path
	size    int64  // -1 unknown
	done    int64  // bytes, when not running
	mtime   int64  // UnixNano; 0 unknown

	up, left, right *job // the treap
	older, newer    *job // in order of change
	child, sibling  *job // the newest child; the child before this one
	x               *extra

	lanes uint64         // bits of the lanes of ready jobs from here down
	count [groups]uint32 // jobs from here down
	prio  uint32
	mode  uint16
	state code
	flags flag
	typ   Type
	prec  Precision
	depth uint8
	level level
}

// root is what Specs of one Add that want the same share, and all jobs below.
type root struct {
	batch  *batch
	lane   *lane
	kind   Kind
	src    string // the address of the sources
	dst    Place  // the directory they land in
	exists Policy
	verify Verify
	modes  bool   // permission bits are copied
	id     uint32 // in the Store; 0: not there yet
}

// batch is one Add.
type batch struct {
	id     ID
	exists Policy // answered for all; "" not
}

// stage is what a worker has to do.
type stage uint8

const (
	stageWork   stage = iota
	stageRemove       // the copy is done; remove the source of a move
	stageTidy         // cancelled: remove the part
)

// extra is what most jobs never need.
type extra struct {
	note     string
	failure  *Failure
	question *Question
	asker    *endpoint // who asks, when it is not about a target
	as       string    // the target's name, when it is not the source's
	answer   Policy
	asked    *Entry // the target as the answered question showed it

	attempt int // started
	tries   int // failed in a row without progress
	failed  []Try
	best    int64
	start   time.Time
	due     time.Time // not before; zero: now
	slot    int       // in the heap of waits, from 1
	run     *run
	parked  string // waits for the job that writes this target
	part    *part
	dir     *dirJob
	stage   stage
	faults  int    // how often a panic ended it
	remade  bool   // another job may have made its directory
	anew    int    // how often the source changed under us
	mute    bool   // the connection ended where the target's checksum was asked for
	single  string // why the download comes by one stream; "" it may come by more
}

// part is what a job knows of the part file it began.
type part struct {
	size    int64 // of the source then
	time    time.Time
	prec    Precision // of time
	name    string    // what its file is named after
	adopted bool      // it was the target before: cancel gives it back
	sent    bool      // all of it: what came of its name was not heard
	// apart says that several streams write it at the target: its length says
	// nothing. spans are the ranges that should be there, in order and apart; they
	// are never changed in place.
	apart bool
	spans [][2]int64
	void  bool // nothing goes on from it; it is to be removed
}

// dirJob counts what is below a directory's job.
type dirJob struct {
	src, dst string // the paths, once a worker made them
	scanned  bool
	total    int // children
	over     int // children that ended, one way or another
	failed   int
	left     int // skipped or cancelled
	// Of those: forgotten meanwhile. They had ended.
	gone, goneLeft int
}

// more returns the job's extra, making it.
func (j *job) more() *extra {
	if j.x == nil {
		j.x = &extra{}
	}
	return j.x
}

func (j *job) has(f flag) bool { return j.flags&f != 0 }

func (j *job) set(f flag, on bool) {
	if on {
		j.flags |= f
	} else {
		j.flags &^= f
	}
}

// isDir reports whether the job is a directory's, with rows below it.
func (j *job) isDir() bool { return j.typ == Dir && j.root.kind != Delete }

// dir returns the counts of a directory's job, making them.
func (j *job) dir() *dirJob {
	x := j.more()
	if x.dir == nil {
		x.dir = &dirJob{}
	}
	return x.dir
}

// entry is the source as far as it is known.
func (j *job) entry() Entry {
	e := Entry{Name: j.name, Type: j.typ, Size: j.size, Precision: j.prec}
	if j.mtime != 0 {
		e.Time = time.Unix(0, j.mtime).UTC()
	}
	if j.has(hasMode) {
		e.HasMode, e.Mode = true, modeOf(j.mode)
	}
	return e
}

// learn keeps what an entry says of the source.
func (j *job) learn(e Entry) {
	j.typ, j.size, j.prec = e.Type, e.Size, e.Precision
	if e.Type != File {
		j.size = -1
	}
	j.mtime = 0
	if y := e.Time.Year(); !e.Time.IsZero() && y > 1700 && y < 2250 {
		j.mtime = e.Time.UnixNano()
	}
	j.set(hasMode, e.HasMode)
	j.mode = uint16(e.Mode.Perm())
}
