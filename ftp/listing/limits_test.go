package listing

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

func TestTooManyRowsD10(t *testing.T) {
	for _, n := range []int{1, scoreRows - 1, scoreRows, scoreRows + 1, 100} {
		for _, rows := range []int{n, n + 1} {
			rd := newReader(strings.NewReader(many("type=file; %d\n", rows)), now)
			rd.left = n
			got := 0
			err := rd.run(MLSD, func(Entry, error) bool { got++; return true })
			if got != n || errors.Is(err, ErrTooLong) != (rows > n) {
				t.Errorf("%d of %d rows: %d, %v", n, rows, got, err)
			}
		}
	}
}

func TestLongNamesD10(t *testing.T) {
	name := strings.Repeat("x", maxName)
	got, err := readAll("type=file; "+name+"\ntype=file; "+name+"y\ntype=file; z\n", MLSD)
	if err != nil || len(got) != 3 || got[0].Name != name || got[1].Reason != "the name is too long" || len(got[1].Raw) != keepRow || got[2].Name != "z" {
		t.Errorf("got %d entries, %v", len(got), err)
	}
}

// TestMemoryD10 reads many rows and holds none.
func TestMemoryD10(t *testing.T) {
	in := many("-rw-r--r--   1 al   staff      1234 Nov 21 13:58 name %d\r\n", 200_000)
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	for range Read(strings.NewReader(in), Options{Now: now, Hint: Unix}) {
		if n++; n == 200_000 {
			runtime.GC()
			runtime.ReadMemStats(&during)
		}
	}
	if held := int64(during.HeapAlloc) - int64(before.HeapAlloc); n != 200_000 || held > 16<<20 {
		t.Errorf("%d rows hold %d bytes", n, held)
	}
	runtime.KeepAlive(in)
}

// TestStops ends a listing at each of its entries.
func TestStops(t *testing.T) {
	in := "LONELY.TXT;1\nA.TXT;1 1 2-JUL-2003\nwhat\nB.TXT;1 1 2-JUL-2003\n" + strings.Repeat("x", 2*maxRow) + "\nC.TXT;1\n"
	for stop := 1; stop <= 6; stop++ {
		n := 0
		for e, err := range Read(strings.NewReader(in), Options{Now: now}) {
			if err != nil || e.Name == "" && e.Reason == "" {
				t.Fatal(e, err)
			}
			if n++; n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("%d entries, not %d", n, stop)
		}
	}
}
