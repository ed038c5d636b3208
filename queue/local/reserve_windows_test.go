package local

import "testing"

// used: Windows sets nothing aside.
func used(*testing.T, string) int64 { return 0 }
