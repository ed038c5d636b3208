package queuetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"slices"
	"testing"
	"time"

	"portside/queue"
)

// Conformance checks that an FS does what queue.FS says. newFS returns a
// session and an empty directory that it may write to.
func Conformance(t *testing.T, newFS func(t *testing.T) (f queue.FS, dir string)) {
	for name, check := range checks() {
		t.Run(name, func(t *testing.T) {
			f, dir := newFS(t)
			check(&probe{T: t, fs: f, dir: dir})
			if !f.Alive() {
				t.Error("the session is dead in the end")
			}
		})
	}
}

// probe is one check at work.
type probe struct {
	*testing.T
	fs  queue.FS
	dir string
}

func checks() iter.Seq2[string, func(*probe)] {
	return func(yield func(string, func(*probe)) bool) {
		_ = yield("info", checkInfo) && yield("round trip", checkRoundTrip) && yield("empty file", checkEmptyFile) &&
			yield("resume", checkResume) && yield("commit", checkCommit) && yield("commit keeps", checkCommitKeeps) &&
			yield("commit replaces", checkCommitReplaces) && yield("commit checks the size", checkCommitSize) &&
			yield("abort", checkAbort) && yield("missing", checkMissing) && yield("empty directory", checkEmptyDir) &&
			yield("list", checkList) && yield("mkdir", checkMkdir) && yield("remove", checkRemove) &&
			yield("remove many", checkRemoveAll) && yield("rename", checkRename) && yield("join", checkJoin) && yield("names", checkNames) && yield("checksums", checkSums) && yield("cancelled", checkCancelled)
	}
}

func (p *probe) ok(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *probe) is(err, want error) {
	p.Helper()
	if !errors.Is(err, want) {
		p.Errorf("error %v is not %v", err, want)
	}
}

func (p *probe) path(name string) string {
	p.Helper()
	at, err := p.fs.Join(p.dir, name)
	p.ok(err)
	return at
}

func (p *probe) put(name string, data []byte) string {
	p.Helper()
	at := p.path(name)
	s, err := p.fs.Create(p.Context(), at, 0, queue.Commit{Size: int64(len(data))})
	p.ok(err)
	if len(data) > 0 {
		_, err = s.Write(data)
		p.ok(err)
	}
	p.ok(s.Close())
	return at
}

func (p *probe) get(at string, offset int64) []byte {
	p.Helper()
	r, err := p.fs.Open(p.Context(), at, offset)
	p.ok(err)
	data, err := io.ReadAll(r)
	p.ok(err)
	p.ok(r.Close())
	return data
}

func (p *probe) holds(at string, want []byte) {
	p.Helper()
	if got := p.get(at, 0); !bytes.Equal(got, want) {
		p.Errorf("%s holds %d bytes, want %d", at, len(got), len(want))
	}
}

func (p *probe) names(dir string) []string {
	p.Helper()
	var names []string
	for e, err := range p.fs.List(p.Context(), dir) {
		p.ok(err)
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return names
}

// pattern makes n bytes that repeat nowhere near.
func pattern(n int) []byte {
	b := make([]byte, n)
	x := uint32(n)*2654435761 + 1
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = byte(x)
	}
	return b
}

func checkInfo(p *probe) {
	if i := p.fs.Info(); i.Address == "" || i.Name == "" || i.Home == "" {
		p.Errorf("incomplete: %+v", i)
	}
	if up := p.fs.Parent(p.path("x")); up != p.dir {
		p.Errorf("the parent of x is %q, not %q", up, p.dir)
	}
	top := p.dir
	for range 100 {
		top = p.fs.Parent(top)
	}
	if p.fs.Parent(top) != top {
		p.Errorf("no top: %q", top)
	}
}

func checkRoundTrip(p *probe) {
	data := pattern(300_001)
	at := p.put("big.bin", data)
	p.holds(at, data)
	if got := p.get(at, 299_990); !bytes.Equal(got, data[299_990:]) {
		p.Errorf("from an offset: %d bytes", len(got))
	}
	if got := p.get(at, 300_001); len(got) != 0 {
		p.Errorf("from the end: %d bytes", len(got))
	}
	e, err := p.fs.Stat(p.Context(), at)
	p.ok(err)
	if e.Type != queue.File || e.Size != 300_001 || e.Name != "big.bin" {
		p.Errorf("Stat: %+v", e)
	}
}

func checkEmptyFile(p *probe) {
	at := p.put("empty", nil)
	p.holds(at, nil)
	e, err := p.fs.Stat(p.Context(), at)
	p.ok(err)
	if e.Type != queue.File || e.Size != 0 {
		p.Errorf("Stat: %+v", e)
	}
}

func checkResume(p *probe) {
	data := pattern(100_000)
	at := p.put("part", data[:60_000])
	s, err := p.fs.Create(p.Context(), at, 60_000, queue.Commit{Size: 100_000})
	p.ok(err)
	_, err = s.Write(data[60_000:])
	p.ok(err)
	p.ok(s.Close())
	p.holds(at, data)
	// Anew cuts off what was there.
	p.put("part", data[:10])
	p.holds(at, data[:10])
}

func (p *probe) commit(part string, data []byte, c queue.Commit) error {
	p.Helper()
	s, err := p.fs.Create(p.Context(), p.path(part), 0, c)
	p.ok(err)
	_, err = s.Write(data)
	p.ok(err)
	return s.Close()
}

func checkCommit(p *probe) {
	data := pattern(1000)
	when := time.Date(2024, 2, 29, 12, 30, 15, 0, time.UTC)
	p.ok(p.commit(".f.part", data, queue.Commit{Final: p.path("f"), Size: 1000, Time: when}))
	p.holds(p.path("f"), data)
	if names := p.names(p.dir); !slices.Equal(names, []string{"f"}) {
		p.Errorf("left: %q", names)
	}
	e, err := p.fs.Stat(p.Context(), p.path("f"))
	p.ok(err)
	if !e.Time.IsZero() && e.Precision == queue.Second && !e.Time.Equal(when) {
		p.Errorf("time %v, want %v", e.Time, when)
	}
}

func checkCommitKeeps(p *probe) {
	at := p.put("f", []byte("old"))
	err := p.commit(".f.part", []byte("new!"), queue.Commit{Final: at, Size: 4})
	p.is(err, fs.ErrExist)
	p.holds(at, []byte("old"))
}

func checkCommitReplaces(p *probe) {
	at := p.put("f", []byte("old"))
	p.ok(p.commit(".f.part", []byte("new!"), queue.Commit{Final: at, Size: 4, Replace: true}))
	p.holds(at, []byte("new!"))
	if names := p.names(p.dir); !slices.Equal(names, []string{"f"}) {
		p.Errorf("left: %q", names)
	}
}

func checkCommitSize(p *probe) {
	if err := p.commit(".f.part", []byte("1234"), queue.Commit{Final: p.path("f"), Size: 5}); err == nil {
		p.Error("a file that is too short was made final")
	}
	if !p.fs.Alive() {
		p.SkipNow()
	}
	if slices.Contains(p.names(p.dir), "f") {
		p.Error("the final name is there")
	}
}

func checkAbort(p *probe) {
	s, err := p.fs.Create(p.Context(), p.path(".f.part"), 0, queue.Commit{Final: p.path("f"), Size: 8})
	p.ok(err)
	_, err = s.Write([]byte("1234"))
	p.ok(err)
	_ = s.Abort() // only what it leaves matters
	if !p.fs.Alive() {
		p.SkipNow()
	}
	if slices.Contains(p.names(p.dir), "f") {
		p.Error("the final name is there")
	}
}

func checkMissing(p *probe) {
	ctx, at := p.Context(), p.path("nothing")
	_, err := p.fs.Stat(ctx, at)
	p.is(err, fs.ErrNotExist)
	_, err = p.fs.Open(ctx, at, 0)
	p.is(err, fs.ErrNotExist)
	p.is(p.fs.Remove(ctx, at), fs.ErrNotExist)
	p.is(p.fs.RemoveDir(ctx, at), fs.ErrNotExist)
	p.is(p.fs.Rename(ctx, at, p.path("other")), fs.ErrNotExist)
	for _, err = range p.fs.List(ctx, at) {
		break
	}
	p.is(err, fs.ErrNotExist)
}

func checkEmptyDir(p *probe) {
	p.ok(p.fs.Mkdir(p.Context(), p.path("d")))
	if names := p.names(p.path("d")); len(names) != 0 {
		p.Errorf("an empty directory holds %q", names)
	}
}

func checkList(p *probe) {
	p.put("a", pattern(10))
	p.ok(p.fs.Mkdir(p.Context(), p.path("b")))
	got := map[string]queue.Entry{}
	for e, err := range p.fs.List(p.Context(), p.dir) {
		p.ok(err)
		got[e.Name] = e
	}
	if len(got) != 2 || got["a"].Type != queue.File || got["a"].Size != 10 || got["b"].Type != queue.Dir {
		p.Errorf("got %+v", got)
	}
}

func checkMkdir(p *probe) {
	at := p.path("d")
	p.ok(p.fs.Mkdir(p.Context(), at))
	p.is(p.fs.Mkdir(p.Context(), at), fs.ErrExist)
	e, err := p.fs.Stat(p.Context(), at)
	p.ok(err)
	if e.Type != queue.Dir {
		p.Errorf("a directory is a %v", e.Type)
	}
}

func checkRemove(p *probe) {
	ctx, d := p.Context(), p.path("d")
	p.ok(p.fs.Mkdir(ctx, d))
	in, err := p.fs.Join(d, "f")
	p.ok(err)
	p.put("x", []byte("x"))
	p.ok(p.fs.Rename(ctx, p.path("x"), in))
	if err := p.fs.RemoveDir(ctx, d); err == nil {
		p.Error("a directory that is not empty was removed")
	}
	if err := p.fs.Remove(ctx, d); err == nil {
		p.Error("Remove removed a directory")
	}
	p.ok(p.fs.Remove(ctx, in))
	p.ok(p.fs.RemoveDir(ctx, d))
	if names := p.names(p.dir); len(names) != 0 {
		p.Errorf("left: %q", names)
	}
}

func checkRename(p *probe) {
	ctx := p.Context()
	p.put("a", []byte("a"))
	p.ok(p.fs.Rename(ctx, p.path("a"), p.path("b")))
	p.holds(p.path("b"), []byte("a"))
	p.ok(p.fs.Mkdir(ctx, p.path("d")))
	p.ok(p.fs.Rename(ctx, p.path("d"), p.path("e")))
	if names := p.names(p.dir); !slices.Equal(names, []string{"b", "e"}) {
		p.Errorf("got %q", names)
	}
}

func checkJoin(p *probe) {
	for _, name := range []string{"", ".", "..", "a/b", "/", "x\x00y"} {
		if at, err := p.fs.Join(p.dir, name); err == nil {
			p.Errorf("Join took %q and made %q", name, at)
		} else {
			p.is(err, fs.ErrInvalid)
		}
	}
}

func checkNames(p *probe) {
	want := []string{"-leading dash", "a b", "quote\"'", "ümläut", "日本", "100%"}
	for _, name := range want {
		if _, err := p.fs.Join(p.dir, name); err != nil {
			continue // not on this disk
		}
		p.holds(p.put(name, []byte(name)), []byte(name))
		if !slices.Contains(p.names(p.dir), name) {
			p.Errorf("%q is not listed", name)
		}
		p.ok(p.fs.Remove(p.Context(), p.path(name)))
	}
}

func checkCancelled(p *probe) {
	ctx, cancel := context.WithCancel(p.Context())
	cancel()
	for _, err := range p.fs.List(ctx, p.dir) {
		if err != nil && !errors.Is(err, context.Canceled) {
			p.Errorf("error %v is not the context's", err)
		}
	}
	if !p.fs.Alive() {
		p.SkipNow() // which a cancelled session may be
	}
}
