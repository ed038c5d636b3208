package listing

import (
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkRows reads 1,000 rows of each dialect, with names of their own.
func BenchmarkRows(b *testing.B) {
	for d := range dialects {
		b.Run(d.String(), func(b *testing.B) {
			s := load(b, filepath.Join(folder(d), "good.txt"))[0]
			in := strings.Repeat(s.text(), 1000)
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				for range Read(strings.NewReader(in), Options{Now: now}) {
				}
			}
		})
	}
}
