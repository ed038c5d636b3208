package look

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"portside/ui/text"
)

// tab is how far apart tabulators stand.
const tab = 8

// isBinary reports whether data is better looked at in hexadecimal.
func isBinary(data []byte) bool {
	return utf16Order(data) == nil && bytes.IndexByte(data[:min(len(data), 8<<10)], 0) >= 0
}

// utf16Order returns the byte order that a mark at the beginning tells, or nil.
func utf16Order(data []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	return nil
}

// decode returns data as UTF-8, without a byte order mark.
func decode(data []byte) string {
	order := utf16Order(data)
	if order == nil {
		return strings.TrimPrefix(string(data), "\ufeff")
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	return string(utf16.Decode(units))
}

// linesOf cuts text into lines that are safe to print. A CR is shown where it
// is not part of a line's end.
func linesOf(s string) []string {
	if s == "" {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	for i, l := range lines {
		lines[i] = expand(strings.TrimSuffix(l, "\r"))
	}
	return lines
}

// expand makes tabulators blanks, and the rest safe.
func expand(line string) string {
	if !strings.Contains(line, "\t") {
		return text.Safe(line)
	}
	var out strings.Builder
	at := 0
	for i, part := range strings.Split(line, "\t") {
		if i > 0 {
			n := tab - at%tab
			out.WriteString(strings.Repeat(" ", n))
			at += n
		}
		part = text.Safe(part)
		out.WriteString(part)
		at += text.Width(part)
	}
	return out.String()
}
