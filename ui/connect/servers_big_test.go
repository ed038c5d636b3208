//go:build servers

package connect_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp"
	"portside/queue"
)

// TestBigFiles moves more than 4 GiB both ways, with one server of each program.
// It is not parallel: the disk has to hold three such files.
func TestBigFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("files over 4 GiB take long")
	}
	l := theLab(t)
	for _, s := range l.servers {
		if s.name == s.program()+"-plain" {
			t.Run(s.name, func(t *testing.T) { testHuge(t, newRig(t, l, variant{server: s, mode: ftp.Passive, epsv: true})) })
		}
	}
}

func testHuge(t *testing.T, r *rig) {
	size := int64(4*gib + 64<<10 + 7)
	source := filepath.Join(r.disk, "huge.bin")
	sparse(t, source, size)
	r.get(t, "huge.bin", "")
	got := filepath.Join(r.local, "huge.bin")
	equal(t, source, got, 0)
	if err := os.Remove(got); err != nil {
		t.Fatal(err)
	}
	sparse(t, got, size)
	r.put(t, "huge.bin", "up")
	equal(t, got, filepath.Join(r.disk, "up/huge.bin"), 0)
}

// testResume goes on with files that are there up to 64 KiB before 4 GiB.
func testResume(t *testing.T, r *rig) {
	size, have := int64(4*gib+64<<10+7), int64(4*gib-64<<10)
	r.seed(t, "resume/x", nil)
	big, part := filepath.Join(r.disk, "resume/big"), filepath.Join(r.local, "resume/big")
	sparse(t, big, size)
	sparse(t, part, size)
	if err := os.Truncate(part, have); err != nil {
		t.Fatal(err)
	}
	resume := func(src, dst queue.Place) {
		t.Helper()
		row := r.run(t, queue.Spec{Kind: queue.Copy, Src: src, Dst: dst, Exists: queue.ExistsResume})
		if !strings.Contains(row.Note, "resumed") {
			t.Errorf("not resumed: %q", row.Note)
		}
		equal(t, big, part, have-1<<20)
	}
	resume(r.at("resume/big"), r.here("resume"))
	// and the other way, from the local file that is whole now
	if err := os.Truncate(big, have); err != nil {
		t.Fatal(err)
	}
	r.own(t, "resume/big")
	resume(r.here("resume/big"), r.at("resume"))
}

// testPause breaks off copies in the middle, and goes on with them. How much of
// an upload is there by then, and whether it still grows, is up to the server.
func testPause(t *testing.T, r *rig) {
	size := int64(8 << 20)
	for _, name := range []string{filepath.Join(r.disk, "pause/big"), filepath.Join(r.local, "pause/big")} {
		sparse(t, name, size)
	}
	r.own(t, "pause/big")
	r.own(t, "pause")
	for _, spec := range []queue.Spec{
		{Kind: queue.Copy, Src: r.at("pause/big"), Dst: r.here("pause"), As: "down"},
		{Kind: queue.Copy, Src: r.here("pause/big"), Dst: r.at("pause"), As: "up"},
	} {
		row := r.interrupted(t, spec)
		if row.State != queue.Done || row.Failure != nil {
			t.Fatalf("%s is %s: %v", spec.As, row.State, row.Failure)
		}
		if want := r.goesOn(); spec.As == "down" && !strings.HasPrefix(row.Note, want) {
			t.Errorf("the note is %q, want %s", row.Note, want)
		}
		got := filepath.Join(r.local, "pause/down")
		if spec.As == "up" {
			got = filepath.Join(r.disk, "pause/up")
		}
		equal(t, filepath.Join(r.disk, "pause/big"), got, 0)
	}
}

// goesOn is how the note of a copy begins that was broken off.
func (r *rig) goesOn() string {
	if r.is("norest") {
		return "started anew"
	}
	return "resumed at"
}

// interrupted runs a copy that is paused midway, and resumed.
func (r *rig) interrupted(t *testing.T, spec queue.Spec) queue.Row {
	t.Helper()
	defer r.q.Clear()
	r.gate.close()
	id := r.add(t, spec)
	select {
	case <-r.gate.arrived:
	case <-time.After(time.Minute):
		t.Fatalf("%s never begins: %+v", spec.As, r.q.Rows(0, 3))
	}
	r.q.Pause(id)
	r.gate.opened <- struct{}{}
	if row := r.wait(t, id); row.State != queue.Paused {
		t.Fatalf("%s is %s: %v", spec.As, row.State, row.Failure)
	}
	r.q.Resume(id)
	return r.wait(t, id)
}
