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

// An upload that broke is proved by the server's own checksum of the end of its
// part, where it has one: nothing is read back, which it may not even allow.
// Sums that differ prove nothing, and what cannot be had does no harm.
func TestUploadProvedBySum(t *testing.T) {
	data := text(300_000)
	refuse := map[string]string{"RETR": "550 Nobody reads here."}
	for name, tt := range map[string]struct {
		quirks ftptest.Quirks
		note   string
		read   int // times that the part is read back
	}{
		"parts":                 {ftptest.Quirks{Refuse: refuse, Sums: ftptest.Sums{Offers: []string{"XSHA256"}, Parts: true}}, "resumed at", 0},
		"RANG":                  {ftptest.Quirks{Refuse: refuse, Sums: ftptest.Sums{Offers: []string{"HASH SHA-256*", "RANG STREAM"}}}, "resumed at", 0},
		"whole files only":      {ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"XSHA256"}}}, "resumed at", 1},
		"no RANG":               {ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}}}, "resumed at", 1},
		"refused":               {ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"XCRC"}, Parts: true, Above: 1}}, "resumed at", 1},
		"a session ends of it":  {ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"XCRC"}, Parts: true}, Hangup: map[string]bool{"XCRC": true}}, "resumed at", 2},
		"none, and not to read": {ftptest.Quirks{Refuse: refuse}, "started anew", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := tt.quirks
			q.Drop = &ftptest.Drop{After: 150_000, How: ftptest.DropReply, Times: 1}
			b := newBench(t, ftptest.Config{Quirks: q})
			if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
			w := b.copy(t, true, "f", queue.ExistsFail)
			got, _ := b.srv.Tree().ReadFile("/f")
			if w.State != queue.Done || string(got) != data || !strings.Contains(w.Note, tt.note) {
				t.Errorf("%s %v, %d bytes, noted %q", w.State, w.Failure, len(got), w.Note)
			}
			if read := b.sent("RETR"); len(read) != tt.read {
				t.Errorf("%q", read)
			}
		})
	}
}

// A part that is another's is not gone on with for the sum of its end.
func TestForeignPartHasAnotherSum(t *testing.T) {
	data := text(300_000)
	b := newBench(t, ftptest.Config{Quirks: ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"XSHA256"}, Parts: true}}})
	b.srv.Tree().WriteFile("/f", []byte(data[:100_000]+"!"), time.Unix(1e9, 0))
	if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	if w := b.copy(t, true, "f", queue.ExistsResume); w.State != queue.Asking || !strings.Contains(w.Failure.Text, "not the beginning") {
		t.Errorf("%s %v", w.State, w.Failure)
	}
}
