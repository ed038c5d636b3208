package journal_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/queue"
	"portside/queue/journal"
	"portside/queue/queuetest"
)

// million is how many jobs are opened.
const million = 1_000_000

// open opens the queue in a directory.
func open(dir string) (*queue.Queue, error) {
	j, err := journal.Open(dir)
	if err != nil {
		return nil, err
	}
	q, words, err := queue.Open(queue.Options{Local: queuetest.NewDisk().FS(queue.Local), Remote: &queuetest.Dialer{}}, j)
	switch {
	case err != nil:
		return nil, errors.Join(err, j.Close())
	case words+j.Words() != "":
		return nil, errors.Join(errors.New(words+j.Words()), q.Close())
	}
	return q, nil
}

// opens is a process that opens a queue, and says how long that took and the
// most memory that it had.
func opens(dir string) {
	began := time.Now()
	q, err := open(dir)
	took := time.Since(began)
	if err != nil {
		say("trouble %v", err)
		return
	}
	time.Sleep(100 * time.Millisecond) // what follows at once belongs to it
	say("opened %d %d %d", len(q.Rows(million-1, 2)), took, peak())
	if err := q.Close(); err != nil {
		say("trouble %v", err)
	}
}

// peak is the most memory that this process had, in kB; 0 where the system does
// not tell.
func peak() (kb int) {
	status, _ := os.ReadFile("/proc/self/status") //nolint:errcheck // other systems have none
	for line := range strings.Lines(string(status)) {
		if at, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			_, _ = fmt.Sscan(at, &kb)
		}
	}
	return kb
}

// filled makes a queue of a million jobs in a directory, by ten Adds, and says
// how long one of those took. Worn is one in which each job has changed since.
func filled(b *testing.B, worn bool) (dir string, added time.Duration) {
	b.Helper()
	dir = filepath.Join(b.TempDir(), "queue")
	q, err := open(dir)
	if err != nil {
		b.Fatal(err)
	}
	q.Pause()
	specs := make([]queue.Spec, million/10)
	var all []queue.ID
	began := time.Now()
	for i := range 10 {
		for k := range specs {
			specs[k] = queue.Spec{
				Kind: queue.Copy, Dst: queue.Place{Address: queue.Local, Path: "/home/user/photos"},
				Src: queue.Place{Address: "ftp://demo@files.example.com:21", Path: fmt.Sprintf("/photos/2026/%04d/img_%07d.jpg", k/1000, i*len(specs)+k)},
			}
		}
		ids, err := q.Add(specs)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, ids...)
	}
	added = time.Since(began) / 10
	if err := q.Close(); err != nil {
		b.Fatal(err)
	}
	if !worn {
		return dir, added
	}
	if q, err = open(dir); err != nil {
		b.Fatal(err)
	}
	q.Prioritize(queue.PriorityHigh, all...)
	if err := q.Close(); err != nil {
		b.Fatal(err)
	}
	return dir, added
}

// BenchmarkOpenMillion opens a queue of a million jobs from the disk, each time
// in a new process with the collector as it is by default; MB/peak is the most
// memory that a process had.
func BenchmarkOpenMillion(b *testing.B) {
	for name, worn := range map[string]bool{"new": false, "worn": true} {
		b.Run(name, func(b *testing.B) {
			dir, added := filled(b, worn)
			file, err := os.Stat(filepath.Join(dir, "journal"))
			if err != nil {
				b.Fatal(err)
			}
			var total time.Duration
			most := 0
			for b.Loop() {
				c := exec.Command(os.Args[0])
				c.Env = append(os.Environ(), "PORTSIDE_TEST_OPENS="+dir)
				out, err := c.Output()
				var rows, took, kb int
				if _, bad := fmt.Sscanf(string(out), "opened %d %d %d", &rows, &took, &kb); bad != nil || err != nil || rows != 1 {
					b.Fatalf("%s: %v", out, err)
				}
				total += time.Duration(took)
				most = max(most, kb)
			}
			b.ReportMetric(float64(file.Size())/1e6, "MB/file")
			b.ReportMetric(added.Seconds(), "s/100000added")
			b.ReportMetric(total.Seconds()/float64(b.N), "s/open")
			b.ReportMetric(float64(most)/1000, "MB/peak")
		})
	}
}
