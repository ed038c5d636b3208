package ftp

import (
	"testing"
	"time"
)

func TestInMoment(t *testing.T) {
	for _, test := range []struct {
		n    int64
		took time.Duration
		end  bool
		want int64
	}{
		{1 << 20, time.Second, false, 15728},
		{1 << 20, time.Second, true, 1},
		{1 << 20, 0, false, 1},
		{0, time.Second, false, 0},
	} {
		if got := inMoment(test.n, test.took, test.end); got != test.want {
			t.Errorf("inMoment(%d, %v, %v) = %d, want %d", test.n, test.took, test.end, got, test.want)
		}
	}
}
