package queue

import "sync"

// Log is a ring of the newest lines of the connections. It may be used from
// any goroutine and never blocks.
type Log struct {
	mu    sync.Mutex
	lines []Line // a ring; line seq is at (seq-1) % len
	seq   uint64
}

// NewLog returns a log that keeps n lines.
func NewLog(n int) *Log { return &Log{lines: make([]Line, max(n, 1))} }

// Add appends a line and gives it its number.
func (l *Log) Add(line Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	line.Seq = l.seq + 1
	l.lines[l.seq%uint64(len(l.lines))] = line
	l.seq++
}

// Lines returns up to n lines after seq, oldest first.
func (l *Log) Lines(after uint64, n int) []Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	size := uint64(len(l.lines))
	if l.seq > size {
		after = max(after, l.seq-size)
	}
	if n <= 0 || after >= l.seq {
		return nil
	}
	count := min(uint64(n), l.seq-after)
	out := make([]Line, 0, count)
	for s := after; s < after+count; s++ {
		out = append(out, l.lines[s%size])
	}
	return out
}
