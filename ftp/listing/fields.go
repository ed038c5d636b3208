package listing

import "strings"

// fields are the first fields of a row, which blanks part.
type fields struct {
	line       string
	start, end [16]int32
	n          int
}

// split finds the fields of line.
func split(line string) (f fields) {
	f.line = line
	for i := 0; i < len(line) && f.n < len(f.start); f.n++ {
		for i < len(line) && isBlank(line[i]) {
			i++
		}
		if i == len(line) {
			break
		}
		f.start[f.n] = int32(i)
		for i < len(line) && !isBlank(line[i]) {
			i++
		}
		f.end[f.n] = int32(i)
	}
	return f
}

// at returns field i, or "".
func (f *fields) at(i int) string {
	if i < 0 || i >= f.n {
		return ""
	}
	return f.line[f.start[i]:f.end[i]]
}

// span returns the fields from first up to last, with what parts them.
func (f *fields) span(first, last int) string {
	if first < 0 || last >= f.n || first > last {
		return ""
	}
	return f.line[f.start[first]:f.end[last]]
}

// from returns field i and all that follows.
func (f *fields) from(i int) string {
	if i < 0 || i >= f.n {
		return ""
	}
	return f.line[f.start[i]:]
}

// after returns all that follows field i but for the one blank that ends it:
// more blanks belong to the name.
func (f *fields) after(i int) string {
	if i < 0 || i >= f.n {
		return ""
	}
	rest := f.line[f.end[i]:]
	if rest != "" {
		rest = rest[1:]
	}
	return rest
}

// gap returns how many blanks stand before field i.
func (f *fields) gap(i int) int {
	if i < 1 || i >= f.n {
		return 0
	}
	return int(f.start[i] - f.end[i-1])
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// isHex reports whether s is a number in hexadecimal digits.
func isHex(s string) bool {
	return s != "" && strings.Trim(s, "0123456789ABCDEFabcdef") == ""
}

// number returns the value of at most nine digits.
func number(s string) (n int, ok bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// only reports whether s is not empty, at most long, and made of letters and
// digits of ASCII and of others.
func only(s string, long int, others string) bool {
	if s == "" || len(s) > long {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}

// isRule reports whether line is the rule below a heading.
func isRule(line string) bool {
	return strings.Contains(line, "---") && strings.Trim(line, "- \t") == ""
}
