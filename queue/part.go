package queue

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// maxName is the longest file name that common file systems take, in bytes.
const maxName = 255

// PartName returns the name under which a file grows until it is whole. A
// name that would be too long is cut and told apart by a hash.
func PartName(name string) string {
	const before, after = ".", ".portside"
	if len(before)+len(name)+len(after) <= maxName {
		return before + name + after
	}
	sum := sha256.Sum256([]byte(name))
	tag := "~" + hex.EncodeToString(sum[:6])
	cut := maxName - len(before) - len(after) - len(tag)
	for cut > 0 && !utf8.RuneStart(name[cut]) && cut > maxName-len(before)-len(after)-len(tag)-utf8.UTFMax {
		cut--
	}
	return before + name[:cut] + tag + after
}
