package listing

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkRows reads the first sample of each dialect 1,000 times.
func BenchmarkRows(b *testing.B) {
	for d := range dialects {
		b.Run(d.String(), func(b *testing.B) {
			s := load(b, filepath.Join(folder(d), "good.txt"))[0]
			benchmark(b, strings.Repeat(s.text(), 1000))
		})
	}
}

// BenchmarkNames reads 100,000 rows with names of their own.
func BenchmarkNames(b *testing.B) {
	for d, format := range map[Dialect]string{
		MLSD: "type=file;size=12;modify=20240203040506;UNIX.mode=0644; name %d\r\n",
		Unix: "-rw-r--r--   1 al   staff      1234 Nov 21 13:58 name %d\r\n",
		DOS:  "01-31-24  03:04PM                 123 name %d\r\n",
	} {
		b.Run(d.String(), func(b *testing.B) { benchmark(b, many(format, 100_000)) })
	}
}

// many returns a listing of n rows.
func many(format string, n int) string {
	var in []byte
	for i := range n {
		in = fmt.Appendf(in, format, i)
	}
	return string(in)
}

func benchmark(b *testing.B, in string) {
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		for range Read(strings.NewReader(in), Options{Now: now}) {
		}
	}
}
