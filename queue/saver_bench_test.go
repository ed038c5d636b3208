package queue

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
)

// stored is what a store holds of a million jobs.
func stored(n int) *mirror {
	l := newLister()
	m := newMirror(l)
	specs := make([]Spec, n)
	for i := range specs {
		specs[i] = file("ftp://demo@files.example.com:21", fmt.Sprintf("photos/2026/%04d/img_%07d.jpg", i/1000, i), int64(i))
	}
	l.addSpecs(specs...)
	m.write()
	return m
}

// A million jobs are opened; MB/queue is what they take in memory then, with
// the collector as it is by default.
func BenchmarkLoadMillion(b *testing.B) {
	m := stored(1_000_000)
	b.SetBytes(int64(len(m.commits[0])))
	for b.Loop() {
		m.load()
	}
	before := inUse()
	got, _, _ := m.load()
	b.ReportMetric(float64(inUse()-before)/1e6, "MB/queue")
	runtime.KeepAlive(got)
	runtime.KeepAlive(m)
}

func inUse() uint64 {
	runtime.GC()
	debug.FreeOSMemory()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// Writing down what becomes of a small file, with a million others in line.
func BenchmarkEncode(b *testing.B) {
	m := stored(1_000_000)
	l := m.l
	for b.Loop() {
		j := l.next(anywhere)
		l.begin(j, &run{cancel: func() {}}, epoch)
		l.encode(&writer{})
		l.list.end(j, result{verdict: vDone, bytes: 10}, rules{}, epoch)
		l.encode(&writer{})
	}
}
