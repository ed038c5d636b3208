//go:build servers

package connect_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp"
	"portside/queue"
)

// testMethods looks into the log: all data connections came about in the way
// that was asked for, and were as secure.
func testMethods(t *testing.T, r *rig) {
	counts := map[string]int{}
	for _, l := range r.log.Lines(0, 200_000) {
		verb, _, _ := strings.Cut(l.Text, " ")
		switch {
		case l.Dir == '>' && slices.Contains([]string{"EPSV", "PASV", "EPRT", "PORT"}, verb):
			counts[verb]++
		case l.Dir == '*' && strings.HasPrefix(l.Text, "TLS "):
			if !strings.HasPrefix(l.Text, "TLS "+r.tls+",") {
				t.Errorf("want TLS %s: %s", r.tls, l.Text)
			}
			counts["TLS"]++
		case l.Dir == '>' && l.Text == "PROT C":
			counts["bare"]++
		case l.Dir == '*' && strings.HasPrefix(l.Text, "PASV names 192.0.2.1"):
			counts["elsewhere"]++
		}
	}
	extended, old := counts["EPSV"], counts["PASV"]
	others := counts["EPRT"] + counts["PORT"]
	if r.mode == ftp.Active {
		extended, old, others = counts["EPRT"], counts["PORT"], extended+old
	}
	good := others == 0 && extended+old > 0 && (r.tls != "") == (counts["TLS"] > 0) && r.bare == (counts["bare"] > 0)
	switch {
	case r.mode == ftp.Active:
	case r.is("noepsv"):
		good = good && old > extended
	case r.epsv:
		good = good && old == 0
	default:
		good = good && extended == 0 && counts["elsewhere"] > 0
	}
	if !good {
		t.Errorf("%v in %s", counts, r)
	}
}

// testNoResume finds a beginning of the file, and a server that cannot go on
// behind it.
func testNoResume(t *testing.T, r *rig) {
	data := noise(300<<10, 7)
	r.seed(t, "noresume/x", data)
	write(t, filepath.Join(r.local, "noresume/x"), data[:200<<10])
	row := r.wait(t, r.add(t, queue.Spec{Kind: queue.Copy, Src: r.at("noresume/x"), Dst: r.here("noresume"), Exists: queue.ExistsResume}))
	if row.State != queue.Asking || row.Failure == nil || !strings.Contains(row.Failure.Text, "the server cannot go on in the middle of a file") {
		t.Fatalf("%s: %q, %v", row.State, row.Note, row.Failure)
	}
	if err := r.q.Answer(row.ID, queue.Answer{Exists: queue.ExistsOverwrite}); err != nil {
		t.Fatal(err)
	}
	if row = r.wait(t, row.ID); row.State != queue.Done {
		t.Fatalf("%s: %v", row.State, row.Failure)
	}
	r.q.Clear()
	same(t, filepath.Join(r.local, "noresume"), map[string]string{"x": string(data)})
}

// testOne browses while a batch runs, at a server that takes one connection.
func testOne(t *testing.T, r *rig) {
	want := map[string]string{}
	for i := range 30 {
		name := fmt.Sprintf("f%02d", i)
		want[name] = string(noise(100<<10, uint64(i)))
		r.seed(t, "one/"+name, []byte(want[name]))
	}
	id := r.add(t, queue.Spec{Kind: queue.Copy, Src: r.at("one"), Dst: r.here("")})
	lists := 0
	for ; r.q.Totals().Active(); lists++ {
		n := 0
		for _, err := range r.q.List(t.Context(), r.at("one")) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != len(want) {
			t.Errorf("list %d has %d files", lists, n)
		}
	}
	if row := r.wait(t, id); row.State != queue.Done || lists == 0 {
		t.Errorf("%s after %d lists: %v", row.State, lists, row.Failure)
	}
	for _, row := range r.q.Rows(0, 100) {
		if row.State != queue.Done {
			t.Errorf("%s is %s: %v", row.Src.Path, row.State, row.Failure)
		}
	}
	r.q.Clear()
	same(t, r.here("one").Path, want)
}

// testNoTicket meets a server that lets nobody transfer who resumes by ticket
// alone. It has to say so, and at once.
func testNoTicket(t *testing.T, r *rig) {
	const want = "resume the TLS session by its ID, which portside cannot"
	began := time.Now()
	var err error
	for _, err = range r.q.List(t.Context(), r.at("")) {
	}
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("List: %v", err)
	}
	r.seed(t, "x", []byte("x"))
	row := r.wait(t, r.add(t, queue.Spec{Kind: queue.Copy, Src: r.at("x"), Dst: r.here("")}))
	if row.State != queue.Failed || row.Failure == nil || !strings.Contains(row.Failure.Text, want) || row.Attempt > 1 {
		t.Errorf("%s after %d attempts: %v", row.State, row.Attempt, row.Failure)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
