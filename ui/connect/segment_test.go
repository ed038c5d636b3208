package connect

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

// E29: whatever a server does with several connections for one file, the file
// ends whole.
func TestSegmentsE29(t *testing.T) {
	const size, seed = 24 << 20, 7
	data := text(size)
	for name, tt := range map[string]struct {
		cfg    ftptest.Config
		quirks ftptest.Quirks
		note   string
	}{
		"honest":       {},
		"one login":    {cfg: ftptest.Config{MaxConns: 1}},
		"REST ignored": {quirks: ftptest.Quirks{IgnoreREST: true}, note: "one stream: "},
		"REST off":     {quirks: ftptest.Quirks{RESTShift: 1}, note: "one stream: "},
		"drops":        {quirks: ftptest.Quirks{Drop: &ftptest.Drop{After: 3 << 20, How: ftptest.DropReply, Times: 3}}},
		"no REST":      {quirks: ftptest.Quirks{NoREST: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := tt.cfg
			cfg.Tree, cfg.Quirks, cfg.Rate = ftptest.NewTree(), tt.quirks, 16<<20
			cfg.Tree.AddGenerated("/f", size, seed, time.Unix(1e9, 0))
			b := newBench(t, cfg)
			dialer := New(nil)
			dialer.SetPassword(b.address, "demo")
			q := queue.New(queue.Options{Local: local.New(), Remote: dialer, Retries: 5, Segments: 4,
				Backoff: func(int) time.Duration { return time.Millisecond }})
			t.Cleanup(func() { _ = q.Close() })
			b.q = q
			w := b.copy(t, false, "f", queue.ExistsFail)
			if got := b.local("f"); w.State != queue.Done || got != data {
				t.Errorf("%s %v, %d bytes", w.State, w.Failure, len(got))
			}
			if !strings.Contains(w.Note, tt.note) {
				t.Errorf("noted %q", w.Note)
			}
			if left, _ := filepath.Glob(filepath.Join(b.dir, ".*")); len(left) > 0 {
				t.Errorf("left %q", left)
			}
			if name == "honest" && len(b.sent("RETR")) < 4 {
				t.Errorf("%q", b.sent("RETR"))
			}
		})
	}
}
