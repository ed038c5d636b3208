package connect

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

// Whatever a server does with several uploads of one file, the file ends whole,
// with its time, and nothing is left beside it.
func TestUploadSegments(t *testing.T) {
	const size = 24 << 20
	data := text(size)
	stamp := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for name, tt := range map[string]struct {
		cfg    ftptest.Config
		quirks ftptest.Quirks
		note   string
		apart  bool
	}{
		"keeps":     {quirks: ftptest.Quirks{Scatter: ftptest.ScatterKeeps}, apart: true},
		"sums":      {quirks: ftptest.Quirks{Scatter: ftptest.ScatterKeeps, Sums: ftptest.Sums{Offers: []string{"XCRC"}}}, apart: true},
		"one login": {cfg: ftptest.Config{MaxConns: 1}, quirks: ftptest.Quirks{Scatter: ftptest.ScatterKeeps}, note: "one stream: no second connection is to be had"},
		"cuts":      {note: "one stream: the server begins no upload behind the end of a file"},
		"grows":     {quirks: ftptest.Quirks{Scatter: ftptest.ScatterGrows}, note: "one stream: the server begins no upload behind the end of a file"},
		"zeroes":    {quirks: ftptest.Quirks{StorZeroes: true}, note: "one stream: the server spoils what others write into a file"},
		"no REST":   {quirks: ftptest.Quirks{NoREST: true}, note: "one stream: the server does not know REST"},
		"drops": {quirks: ftptest.Quirks{Scatter: ftptest.ScatterKeeps,
			Drop: &ftptest.Drop{After: 3 << 20, How: ftptest.DropReply, Times: 6}}, apart: true, note: "started anew: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := tt.cfg
			cfg.Tree, cfg.Quirks, cfg.Rate = ftptest.NewTree(), tt.quirks, 32<<20
			b := newBench(t, cfg)
			dialer := New(nil)
			dialer.SetPassword(b.address, "demo")
			q := queue.New(queue.Options{Local: local.New(), Remote: dialer, Retries: 5, Segments: 4,
				Backoff: func(int) time.Duration { return time.Millisecond }})
			t.Cleanup(func() { _ = q.Close() })
			b.q = q
			from := filepath.Join(b.dir, "f")
			if err := os.WriteFile(from, []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(from, stamp, stamp); err != nil {
				t.Fatal(err)
			}
			w := b.copy(t, true, "f", queue.ExistsFail)
			got, err := cfg.Tree.ReadFile("/f")
			if w.State != queue.Done || string(got) != data {
				t.Fatalf("%s %v, %d bytes, %v", w.State, w.Failure, len(got), err)
			}
			if !strings.Contains(w.Note, tt.note) || tt.note == "" && w.Note != "" {
				t.Errorf("noted %q", w.Note)
			}
			names := []string{}
			cfg.Tree.Walk(func(path string, info fs.FileInfo) {
				if !info.IsDir() {
					names = append(names, path)
				}
				if path == "/f" && !info.ModTime().Equal(stamp) {
					t.Errorf("its time is %v", info.ModTime())
				}
			})
			if !slices.Equal(names, []string{"/f"}) {
				t.Errorf("there is %q", names)
			}
			if (name == "sums") != w.Verified {
				t.Errorf("verified %t", w.Verified)
			}
			if n := len(b.sent("REST ")); tt.apart && n < 5 { // two of the trial
				t.Errorf("%d times REST", n)
			}
			if len(b.sent("APPE")) > 0 {
				t.Error("APPE was sent")
			}
		})
	}
}
