package pane

import "slices"

func sortFunc(order []int32, compare func(i, j int32) int) {
	slices.SortFunc(order, compare)
}

// merge joins two sorted lists, so that a directory that arrives in pieces is
// not sorted from the start with every piece.
func merge(a, b []int32, compare func(i, j int32) int) []int32 {
	if len(a) == 0 {
		return b
	}
	out := make([]int32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compare(a[0], b[0]) <= 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
