package queue

import (
	"path"
	"path/filepath"
	"strings"
)

// Trouble says why the last attempt failed, "" where it did not. The paths that
// the row shows are left out at the front, and the name of the part with them:
// where the room is short the reason counts.
func (r Row) Trouble() string {
	if r.Failure == nil {
		return ""
	}
	part := path.Join(path.Dir(r.Dst.Path), PartName(path.Base(r.Dst.Path)))
	if r.Dst.Address == Local {
		part = filepath.Join(filepath.Dir(r.Dst.Path), PartName(filepath.Base(r.Dst.Path)))
	}
	for _, own := range []string{part, attemptIn(r.Failure.Text, part), r.Dst.Path, r.Src.Path} {
		if own == "" {
			continue
		}
		rest, found := strings.CutPrefix(r.Failure.Text, own)
		if words, cut := strings.CutPrefix(strings.TrimPrefix(rest, ":"), " "); found && cut {
			return words
		}
	}
	return r.Failure.Text
}
