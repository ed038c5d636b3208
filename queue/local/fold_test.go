package local

import "testing"

func TestFold(t *testing.T) {
	const composed, apart = "caf\u00e9", "cafe\u0301"
	for system, want := range map[string][2]bool{"linux": {false, false}, "freebsd": {false, false}, "windows": {true, false}, "darwin": {true, true}} {
		got := [2]bool{foldOn(system, "ReadMe") == foldOn(system, "README"), foldOn(system, composed) == foldOn(system, apart)}
		if got != want {
			t.Errorf("%s: case %v, accents %v", system, got[0], got[1])
		}
	}
}
