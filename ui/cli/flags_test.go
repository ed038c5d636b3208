package cli

import "testing"

// All commands keep a flag in one place: the default of one must not be that of
// another.
func TestSegmentsByDefault(t *testing.T) {
	a := &app{}
	a.root()
	if n, err := a.flags.parts(); err != nil || n != 0 {
		t.Errorf("%d segments, %v; want as many as serve", n, err)
	}
}
