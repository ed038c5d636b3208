package queue

import "strings"

// Translator is an FS that may change the line ends of files on their way.
type Translator interface {
	// Translates reports whether it does: then a file may have another size at
	// each end, Open and Create begin at the start alone, and nothing can be
	// compared afterwards. It does not block.
	Translates() bool
}

// translates reports whether f changes line ends.
func translates(f FS) bool {
	x, ok := f.(Translator)
	return ok && x.Translates()
}

// notInText is why text is not gone on with.
const notInText = "a text whose line ends change on the way is not resumed"

// origin names the source, as a record does. What came as text is no part of
// the same file in bytes.
func (t *task) origin() Place {
	address, _, _ := strings.Cut(t.from.ep.address, "?")
	if t.text {
		address += ";type=a"
	}
	return Place{Address: address, Path: t.src}
}

// decide says what the job's policy means for a target. The sizes of a text
// tell nothing.
func (t *task) decide(dst Entry) (action, string) {
	if t.text {
		switch t.policy {
		case ExistsResume:
			return actAsk, "cannot be resumed: its line ends change on the way"
		case ExistsSize:
			return actSkip, "exists; the sizes of a text do not compare"
		}
	}
	return decide(t.policy, t.entry, dst)
}
