package connect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
)

// A server that lists days has its files' times kept to the second all the same,
// and no file costs a round trip more: MDTM goes out with RETR.
func TestTimesOfListings(t *testing.T) {
	old, young := time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC), time.Now().Add(-time.Hour).Truncate(time.Second)
	tr := ftptest.NewTree()
	tr.WriteFile("/d/old", []byte("old"), old)
	tr.WriteFile("/d/young", []byte("young"), young)
	zone := time.FixedZone("", 9*3600)
	b := newBench(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoMLSD: true, Zone: zone, Greeting: "220 (vsFTPd 3.0.3)\r\n"}})
	if w := b.copy(t, false, "d", queue.ExistsFail); w.State != queue.Done {
		t.Fatalf("%s %v", w.State, w.Failure)
	}
	for name, want := range map[string]time.Time{"old": old, "young": young.Truncate(time.Minute)} {
		if info, err := os.Stat(filepath.Join(b.dir, "d", name)); err != nil || !info.ModTime().Equal(want) {
			t.Errorf("%s: %v, %v; want %v", name, info.ModTime(), err, want)
		}
	}
	var sent []string
	for _, line := range b.srv.Transcript() {
		if _, cmd, ok := strings.Cut(line, "> "); ok && (strings.HasPrefix(cmd, "RETR") || strings.HasPrefix(cmd, "MDTM")) {
			sent = append(sent, cmd)
		}
	}
	if got := strings.Join(sent, " "); !strings.Contains(got, "MDTM /d/old RETR /d/old") || strings.Count(got, "MDTM /d/") != 2 {
		t.Errorf("sent %s", got)
	}

	// What is here already is not older, although the day that the listing tells
	// of it, which is the server's own, is a later one.
	tr.WriteFile("/d/late", []byte("late"), time.Date(2020, 2, 3, 20, 0, 0, 0, time.UTC))
	for range 2 {
		if w := b.copy(t, false, "d", queue.ExistsNewer); w.State != queue.Done {
			t.Fatalf("%s %v", w.State, w.Failure)
		}
	}
	if got := b.sent("RETR"); len(got) != 3 {
		t.Errorf("%q", got)
	}
}

// A part whose record has the second keeps it for the file that it becomes.
func TestTimeOfAPart(t *testing.T) {
	stamp, data := time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC), text(2_000_000)
	tr := ftptest.NewTree()
	tr.WriteFile("/d/f", []byte(data), stamp)
	b := newBench(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoMLSD: true, Greeting: "220 (vsFTPd 3.0.3)\r\n"}})
	address, _, _ := strings.Cut(b.address, "?")
	for name, content := range map[string]string{
		queue.PartName("f"): data[:1_500_000],
		".f.portside.json":  `{"portside":1,"source":"` + address + ` /d/f","size":2000000,"time":"2020-02-03T04:05:06Z","precision":"second"}`,
	} {
		if err := os.MkdirAll(filepath.Join(b.dir, "d"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(b.dir, "d", name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := b.copy(t, false, "d", queue.ExistsFail)
	info, err := os.Stat(filepath.Join(b.dir, "d", "f"))
	if w.State != queue.Done || err != nil || !info.ModTime().Equal(stamp) || b.local("d/f") != data || len(b.sent("REST")) != 1 {
		t.Errorf("%s %v, %v, %v, %q", w.State, w.Failure, info, err, b.sent("REST"))
	}
}
