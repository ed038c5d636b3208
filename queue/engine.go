package queue

import (
	"context"
	"io"
	"iter"
	"time"
)

// ID names a job. IDs grow and are never used again.
type ID uint64

// Kind is what a job does.
type Kind string

// The kinds of a job.
const (
	Copy   Kind = "copy"
	Move   Kind = "move"
	Delete Kind = "delete"
	Chmod  Kind = "chmod"
)

// State is where a job stands.
type State string

// The states of a job.
const (
	Waiting   State = "waiting"
	Scanning  State = "scanning" // a directory is being read, or its files are on their way
	Running   State = "running"
	Finishing State = "finishing" // all bytes are there; the verdict is not
	Asking    State = "asking"
	Paused    State = "paused"
	Failed    State = "failed"
	Cancelled State = "cancelled"
	Skipped   State = "skipped"
	Done      State = "done"
)

// Policy says what to do when a target exists.
type Policy string

// The policies. Only those that name it replace anything.
const (
	ExistsAsk       Policy = "ask"
	ExistsSkip      Policy = "skip"
	ExistsResume    Policy = "resume"    // go on behind a proven part of the source, else ask
	ExistsNewer     Policy = "newer"     // overwrite when the source is newer, else skip
	ExistsSize      Policy = "size"      // overwrite when the sizes differ, else skip
	ExistsRename    Policy = "rename"    // keep both: name-1.ext
	ExistsOverwrite Policy = "overwrite" //
	ExistsFail      Policy = "fail"
)

// Place is a path at an endpoint.
type Place struct {
	Address string `json:"address"` // Local, or what a Dialer understands
	Path    string `json:"path"`    // absolute
}

// Spec asks for a job.
type Spec struct {
	Kind Kind
	Src  Place
	// Dst is the directory that the source lands in, under its own name or As.
	// Local writes never leave it. Delete has none.
	Dst Place
	As  string // the target's name; "" keeps the source's
	// Exists is the policy; "" is ExistsAsk.
	Exists Policy
	// Verify is how the copy is verified; "" is as the Queue's Options say.
	Verify Verify
	// Permissions copies the permission bits of files, where both ends know them.
	// The Queue's Options can ask for it as well.
	Permissions bool
	// Known is the source's entry, when the caller has just seen it: saves a
	// round trip.
	Known *Entry
}

// Question is what an asking job wants to know. For AskExists both entries
// are set.
type Question struct {
	Ask     Ask      `json:"kind"`
	Source  Entry    `json:"-"`
	Target  Entry    `json:"-"`
	Choices []Policy `json:"choices,omitempty"`
	Why     string   `json:"-"` // a policy does not answer it: "cannot be resumed: …"
}

// Scope is what an answer about a target applies to.
type Scope string

// The scopes.
const (
	ScopeJob   Scope = ""      // the job alone
	ScopeOpen  Scope = "open"  // all questions about targets that are open
	ScopeBatch Scope = "batch" // those of the same Add, open now or asked later
)

// Answer is what the user said. Exists answers AskExists; the others answer
// the questions of a Dialer, for all jobs that wait for the same endpoint.
type Answer struct {
	Exists   Policy
	As       string // with ExistsRename: the name to use; "" makes one
	Password string // AskPassword; never written anywhere
	Trust    bool   // AskTrust: trust the certificate from now on
	Plain    bool   // AskPlain: speak without TLS
	// Scope says which other jobs get the same answer: those to which it was
	// offered as well.
	Scope Scope
	// Seen is the newest version that the user had seen: with [ScopeOpen] what
	// was asked later stays open. 0: all was seen.
	Seen uint64
}

// Row is one job as a screen shows it.
type Row struct {
	ID       ID
	Batch    ID // the first job of the Add that made it
	Priority Priority
	Version  uint64
	Kind     Kind
	State    State
	Src, Dst Place         // Dst.Path is the target itself; empty for Delete
	Name     string        // the path below what was added: "img/a.png"
	Dir      bool          // the job is a directory's: its files have rows of their own
	Listed   bool          // when Scanning: it was read, and what is left is theirs
	Size     int64         // bytes; -1 unknown
	Done     int64         // bytes moved or proved
	Start    time.Time     // of the attempt; zero before
	Rate     float64       // bytes a second, now; -1 not known yet
	Left     time.Duration // at this rate; -1 unknown
	Attempt  int           // from 1; 0 before the first
	Note     string        // a word on what happened: "resumed at 1.2M", "started anew: …"
	Unfit    bool          // skipped for what it is (a device, a name that cannot be used), as Note says
	Verified bool          // both ends hold the same, as a checksum that the server computed says
	Segments int           // streams that it comes by now; 0: it does not run, or comes by one alone
	Tries    []Try         // attempts that failed, the newest last; three at most
	Failure  *Failure      // of the last attempt, nil after success
	Question *Question     // when Asking
}

// Totals are the sums over the queue since it was last cleared.
type Totals struct {
	Waiting, Running, Asking, Paused, Failed, Cancelled, Skipped, Done int // jobs; directories count while they are scanned

	Files, FilesDone int           // files of copies and moves
	Bytes, BytesDone int64         // known sizes
	Rate             float64       // bytes a second
	Left             time.Duration // -1 unknown
	Stopped          string        // what takes no more ("the local disk is full"), or ""
	Connections      int           // to servers, now
	Outage           Outage        // the server that is waited for; zero: none
	Stuck            bool          // nothing goes on before Stopped has changed
	Unsaved          string        // why what happens now would be forgotten with the process, or ""
	Version          uint64        // of the newest change

	Limit      Rates     // the limits in force now
	LimitUntil time.Time // others will be then; zero: never
}

// Active reports whether jobs wait or run.
func (t Totals) Active() bool { return t.Waiting+t.Running > 0 }

// Line is one line of the connection log; secrets never enter it.
type Line struct {
	Seq     uint64
	Time    time.Time
	Conn    int  // 1, 2, … in the order of dialling
	Dir     byte // '>' sent, '<' received, '*' ours, '!' an error reply
	Text    string
	Address string
}

// Engine is what every face drives: the queue, and browsing of endpoints. It
// is the same in process and over a socket. All methods may be called from
// any goroutine.
type Engine interface {
	// Add queues jobs in order, as one batch, and returns their IDs.
	Add(specs []Spec) ([]ID, error)
	// Pause stops jobs and keeps what they have; no ids means all, also those
	// that come later.
	Pause(ids ...ID)
	// Resume undoes Pause.
	Resume(ids ...ID)
	// Cancel ends jobs; a directory's job takes its files along.
	Cancel(ids ...ID)
	// Retry puts failed and cancelled jobs back in line; no ids means all failed.
	Retry(ids ...ID)
	// Move puts a job by places (negative: earlier) among those that wait; by
	// [Far] places, with all below it, before or behind all others.
	Move(id ID, by int)
	// Prioritize gives jobs, and those below a directory's, a priority.
	// [PriorityNow] also undoes what keeps them: pause, failure, a wait; they
	// start when a session is free.
	Prioritize(p Priority, ids ...ID)
	// Clear forgets finished jobs: done, skipped and cancelled.
	Clear()
	// Limit sets the bytes a second of the whole queue, also for what runs.
	Limit(l Limits)
	// Limits returns what was set; Totals says what is in force.
	Limits() Limits
	// Connections changes the number of sessions at one server, and returns it;
	// by 0 changes nothing. The number 0 is automatic, and what one less than
	// one leads to. Sessions too many end with their transfers.
	Connections(by int) int
	// Answer answers the question of an asking job.
	Answer(id ID, a Answer) error

	// Rows returns n jobs from place from on, in the order of the screen:
	// running, asking, failed, paused, waiting, then the finished ones.
	Rows(from, n int) []Row
	// Row returns one job.
	Row(id ID) (Row, bool)
	// Updates returns up to n jobs that changed after version since, oldest
	// change first. A job that changed twice is there once.
	Updates(since uint64, n int) []Row
	// Totals returns the sums.
	Totals() Totals
	// Changed receives when something may have changed: a level, not an edge.
	// It belongs to one reader.
	Changed() <-chan struct{}

	// Connect makes sure that there is a session at address. A Failure that
	// asks is answered with AnswerEndpoint, then tried again.
	Connect(ctx context.Context, address string) (Info, error)
	// AnswerEndpoint answers a question of Connect, and of the jobs that
	// wait for the same answer.
	AnswerEndpoint(address string, a Answer) error
	// List, Stat, Mkdir, Rename, and Open are those of an FS at address, on a
	// session kept for browsing. Breaking off List is allowed.
	List(ctx context.Context, at Place) iter.Seq2[Entry, error]
	Stat(ctx context.Context, at Place) (Entry, error)
	Mkdir(ctx context.Context, at Place) error
	Rename(ctx context.Context, at Place, to string) error
	Open(ctx context.Context, at Place, offset int64) (io.ReadCloser, error)
	// Sum returns the checksum of a file as its end computes it, and its name.
	Sum(ctx context.Context, at Place) (by string, sum []byte, err error)
	// Room returns the bytes that are free at a place, -1 where that is not known.
	Room(ctx context.Context, at Place) (free int64, err error)
	// Join and Parent are those of the FS at the place's address; they do not
	// block. Join refuses a name that cannot stand there.
	Join(at Place, name string) (Place, error)
	Parent(at Place) Place

	// Log returns up to n lines after seq, oldest first.
	Log(after uint64, n int) []Line

	// Close stops the workers, waits for them, and closes all sessions. Jobs
	// that ran keep their part files.
	Close() error
}
