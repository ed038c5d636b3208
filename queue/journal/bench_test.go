package journal

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// record is about what a job takes.
var record = bytes.Repeat([]byte("0123456789"), 11)

func opened(b *testing.B) *Journal {
	b.Helper()
	j, err := Open(b.TempDir())
	if err == nil {
		err = j.Load(func([]byte, bool) error { return nil })
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = j.Close() })
	return j
}

// BenchmarkAdd is 100,000 jobs in one commit.
func BenchmarkAdd(b *testing.B) {
	j, commit := opened(b), bytes.Repeat(record, 100_000)
	for b.Loop() {
		if err := errors.Join(j.Append(commit), j.Sync()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkChange is one change, synced alone or with a hundred others.
func BenchmarkChange(b *testing.B) {
	for name, every := range map[string]int{"alone": 1, "grouped": 100} {
		b.Run(name, func(b *testing.B) {
			j, n := opened(b), 0
			for b.Loop() {
				err := j.Append(record)
				if n++; n%every == 0 {
					err = errors.Join(err, j.Sync())
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad reads a million changes.
func BenchmarkLoad(b *testing.B) {
	j := opened(b)
	if err := j.Rewrite(slices.Values(slices.Repeat([][]byte{record}, 1_000_000))); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		err := j.Load(func([]byte, bool) error { n++; return nil })
		if err != nil || n != 1_000_000 {
			b.Fatal(n, err)
		}
	}
}
