package queue

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"
)

// A commit is a row of records: a length, a kind, a body. A reader leaves out
// kinds that it does not know, and what follows the last field that it knows.
// Numbers are varints; strings and bytes have their length before them.
const (
	recRoot   = 'r' // what jobs of one Add share
	recBatch  = 'b' // an Add was answered for all
	recJob    = 'j' // a job as it is now
	recPlace  = 'p' // jobs stand behind another
	recGone   = 'd' // jobs are forgotten
	recGlobal = 'g' // what is true of the whole queue
)

// savedFlags are those that outlast the process.
const savedFlags = hasMode | isSum | isUnfit | isVerified | isGone

// writer builds a commit.
type writer struct {
	buf  []byte
	body []byte
}

// end adds the record whose body was written.
func (w *writer) end(kind byte) {
	w.buf = binary.AppendUvarint(w.buf, uint64(len(w.body))+1)
	w.buf = append(append(w.buf, kind), w.body...)
	w.body = w.body[:0]
}

func (w *writer) uint(vs ...uint64) {
	for _, v := range vs {
		w.body = binary.AppendUvarint(w.body, v)
	}
}

func (w *writer) int(vs ...int64) {
	for _, v := range vs {
		w.body = binary.AppendVarint(w.body, v)
	}
}

func (w *writer) text(ss ...string) {
	for _, s := range ss {
		w.body = append(binary.AppendUvarint(w.body, uint64(len(s))), s...)
	}
}

// root writes what jobs share, and gives it an id.
func (w *writer) root(g *ledger, r *root) {
	if r.id == 0 {
		g.roots++
		r.id = g.roots
	}
	modes := uint64(0)
	if r.modes {
		modes = 1
	}
	w.uint(uint64(r.id), uint64(r.batch.id))
	w.text(string(r.kind), r.src, r.dst.Address, r.dst.Path, string(r.exists), string(r.batch.exists), string(r.verify))
	w.uint(modes)
	w.end(recRoot)
}

// job writes a job as it is now.
func (w *writer) job(j *job) {
	parent := ID(0)
	if j.parent != nil {
		parent = j.parent.id
	}
	w.uint(uint64(j.id), uint64(j.root.id), uint64(parent))
	w.text(j.name)
	w.int(j.size, j.done, j.mtime)
	w.uint(uint64(j.state), uint64(j.flags&savedFlags), uint64(j.typ), uint64(j.prec), uint64(j.level), uint64(j.mode))
	w.text(string(j.x.encode()))
	w.end(recJob)
}

// op writes a change of the order.
func (w *writer) op(o op) {
	w.uint(uint64(o.id), o.n)
	if o.gone {
		w.end(recGone)
		return
	}
	w.uint(uint64(o.after))
	w.end(recPlace)
}

// batch writes the answer for all jobs of an Add.
func (w *writer) batch(b *batch) {
	w.uint(uint64(b.id))
	w.text(string(b.exists))
	w.end(recBatch)
}

// savedExtra is an [extra] as it is written. Names and paths are bytes: not
// all of them are UTF-8.
type savedExtra struct {
	Note     string         `json:"note,omitempty"`
	Failure  *Failure       `json:"failure,omitempty"`
	Question *savedQuestion `json:"question,omitempty"`
	As       []byte         `json:"as,omitempty"`
	Answer   Policy         `json:"answer,omitempty"`
	Asked    *savedEntry    `json:"asked,omitempty"`
	Attempt  int            `json:"attempt,omitempty"`
	Tries    int            `json:"tries,omitempty"`
	Best     int64          `json:"best,omitempty"`
	Part     *savedPart     `json:"part,omitempty"`
	Dir      *savedDir      `json:"dir,omitempty"`
	Stage    stage          `json:"stage,omitempty"`
	Anew     int            `json:"anew,omitempty"`
	Failed   []Try          `json:"failed,omitempty"`
}

type savedPart struct {
	Size    int64     `json:"size"`
	Time    time.Time `json:"time,omitzero"`
	Prec    Precision `json:"precision,omitempty"`
	Name    []byte    `json:"name,omitempty"`
	Adopted bool      `json:"adopted,omitempty"`
	Sent    bool      `json:"sent,omitempty"`
	Void    bool      `json:"void,omitempty"`

	Apart bool       `json:"apart,omitempty"`
	Spans [][2]int64 `json:"spans,omitempty"`
}

type savedDir struct {
	Src      []byte `json:"src,omitempty"`
	Dst      []byte `json:"dst,omitempty"`
	Scanned  bool   `json:"scanned,omitempty"`
	Gone     int    `json:"gone,omitempty"`
	GoneLeft int    `json:"gone_left,omitempty"`
}

type savedQuestion struct {
	Ask     Ask        `json:"ask"`
	Source  savedEntry `json:"source"`
	Target  savedEntry `json:"target"`
	Choices []Policy   `json:"choices,omitempty"`
	Why     string     `json:"why,omitempty"`
}

type savedEntry struct {
	Name []byte    `json:"name,omitempty"`
	Type Type      `json:"type,omitempty"`
	Size int64     `json:"size"`
	Time time.Time `json:"time,omitzero"`
	Prec Precision `json:"precision,omitempty"`
}

func saveEntry(e Entry) savedEntry {
	return savedEntry{Name: []byte(e.Name), Type: e.Type, Size: e.Size, Time: e.Time, Prec: e.Precision}
}

func (e savedEntry) entry() Entry {
	return Entry{Name: string(e.Name), Type: e.Type, Size: e.Size, Time: e.Time, Precision: e.Prec}
}

// encode returns what outlasts the process, nothing for most jobs. A question
// of an endpoint does not: whoever asked it is gone.
func (x *extra) encode() []byte {
	if x == nil {
		return nil
	}
	s := savedExtra{
		Note: x.note, Failure: x.failure, As: []byte(x.as), Answer: x.answer, Attempt: x.attempt, Tries: x.tries,
		Best: x.best, Stage: x.stage, Anew: x.anew, Failed: x.failed,
	}
	if q := x.question; q != nil && x.asker == nil {
		s.Question = &savedQuestion{Ask: q.Ask, Source: saveEntry(q.Source), Target: saveEntry(q.Target), Choices: q.Choices, Why: q.Why}
	}
	if x.asked != nil {
		e := saveEntry(*x.asked)
		s.Asked = &e
	}
	if p := x.part; p != nil {
		s.Part = &savedPart{
			Size: p.size, Time: p.time, Prec: p.prec, Name: []byte(p.name), Adopted: p.adopted, Sent: p.sent,
			Void: p.void, Apart: p.apart, Spans: p.spans,
		}
	}
	if d := x.dir; d != nil {
		s.Dir = &savedDir{Src: []byte(d.src), Dst: []byte(d.dst), Scanned: d.scanned, Gone: d.gone, GoneLeft: d.goneLeft}
	}
	data, err := json.Marshal(s)
	if err != nil || string(data) == "{}" {
		return nil // the types above can all be written
	}
	return data
}

// decode is the way back.
func (s *savedExtra) decode() *extra {
	x := &extra{
		note: s.Note, failure: s.Failure, as: string(s.As), answer: s.Answer, attempt: max(s.Attempt, 0),
		tries: max(s.Tries, 0), best: s.Best, stage: s.Stage, anew: max(s.Anew, 0),
	}
	if n := len(s.Failed); n > 0 {
		x.failed = s.Failed[max(n-keptTries, 0):]
	}
	if x.stage > stageTidy {
		x.stage = stageWork
	}
	if q := s.Question; q != nil {
		x.question = &Question{Ask: q.Ask, Source: q.Source.entry(), Target: q.Target.entry(), Choices: q.Choices, Why: q.Why}
	}
	if s.Asked != nil {
		e := s.Asked.entry()
		x.asked = &e
	}
	if p := s.Part; p != nil {
		x.part = &part{size: p.Size, time: p.Time, prec: p.Prec, name: string(p.Name), adopted: p.Adopted, sent: p.Sent, void: p.Void, apart: p.Apart}
		if r := (record{Size: p.Size, Spans: p.Spans}); p.Apart && r.spansFit() {
			x.part.spans = p.Spans
		}
	}
	if d := s.Dir; d != nil {
		x.dir = &dirJob{src: string(d.Src), dst: string(d.Dst), scanned: d.Scanned, gone: max(d.Gone, 0), goneLeft: max(d.GoneLeft, 0)}
	}
	return x
}

// errRecord says that a record makes no sense.
var errRecord = errors.New("a record of the queue makes no sense")

// reader takes a commit apart. After an error all that it returns is zero.
type reader struct {
	buf []byte
	err error
}

func (r *reader) fail() { r.buf, r.err = nil, errRecord }

// next returns the kind and the body of the next record; 0 at the end.
func (r *reader) next() (kind byte, body reader) {
	if len(r.buf) == 0 {
		return 0, reader{}
	}
	n := r.uint()
	if n == 0 || n > uint64(len(r.buf)) {
		r.fail()
		return 0, reader{}
	}
	kind, body.buf = r.buf[0], r.buf[1:n]
	r.buf = r.buf[n:]
	return kind, body
}

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.buf)
	return number(r, v, n)
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.buf)
	return number(r, v, n)
}

// number steps over a varint of n bytes; none, or less: there is none.
func number[T uint64 | int64](r *reader, v T, n int) T {
	if n <= 0 {
		r.fail()
		return 0
	}
	r.buf = r.buf[n:]
	return v
}

// bytes returns a view of the commit.
func (r *reader) bytes() []byte {
	n := r.uint()
	if n > uint64(len(r.buf)) {
		r.fail()
		return nil
	}
	b := r.buf[:n]
	r.buf = r.buf[n:]
	return b
}

func (r *reader) text() string { return string(r.bytes()) }

// below returns a number below a limit.
func (r *reader) below(limit uint64) uint64 {
	v := r.uint()
	if v >= limit {
		r.fail()
		return 0
	}
	return v
}
