package ftp

import (
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// charset says how a server writes names. Nil takes them as they are.
//
// Names are turned one component at a time, and every name can be said back
// byte by byte. A component that is no text in the character set keeps its
// bytes, which are then no UTF-8; one whose bytes would be UTF-8 all the same
// has [asItIs] in front, and so has one that begins with that byte.
type charset struct {
	name string
	enc  encoding.Encoding
}

// asItIs stands before a component that is sent without it and unchanged. It
// is never part of UTF-8, so no name that was decoded begins with it.
const asItIs = "\xff"

// codePages are names that Windows has for sets which the indexes know by
// others only.
var codePages = map[string]string{"cp932": "shift_jis", "cp936": "gbk", "cp949": "euc-kr", "cp950": "big5"}

// ParseCharset returns the usual name of a character set in which a server may
// write names. It refuses sets in which a slash or the end of a line may be
// part of another character.
func ParseCharset(name string) (string, error) {
	cs, err := newCharset(name)
	if err != nil || cs == nil {
		return "", err
	}
	return cs.name, nil
}

// newCharset returns the character set that name means, nil for UTF-8 and "".
func newCharset(name string) (*charset, error) {
	key := strings.ToLower(strings.TrimSpace(name))
	if key == "" || key == "utf-8" || key == "utf8" {
		return nil, nil
	}
	if page, ok := codePages[key]; ok {
		key = page
	}
	// The web takes ISO 8859-1 for windows-1252; servers mean what they say.
	enc, err := ianaindex.IANA.Encoding(key)
	if err != nil || enc == nil {
		enc, err = htmlindex.Get(key)
	}
	if err != nil || enc == nil {
		return nil, fmt.Errorf("%q is not a character set that portside knows: use one like gbk, shift_jis, windows-1251 or iso-8859-1", name)
	}
	cs := &charset{name: key, enc: enc}
	if usual, err := ianaindex.MIME.Name(enc); err == nil && usual != "" {
		cs.name = strings.ToLower(usual)
	}
	if !cs.holdsASCII() {
		return nil, fmt.Errorf("%s cannot be used for names: a slash or the end of a line may be part of another character in it", key)
	}
	return cs, nil
}

// holdsASCII reports whether the bytes of ASCII mean themselves, whatever
// stands before them.
func (cs *charset) holdsASCII() bool {
	dec, enc := cs.enc.NewDecoder(), cs.enc.NewEncoder()
	for b := range utf8.RuneSelf {
		ascii := string(rune(b))
		text, err := dec.String("A" + ascii)
		back, err2 := enc.String(text)
		if err != nil || err2 != nil || text != "A"+ascii || back != text {
			return false
		}
	}
	for lead := utf8.RuneSelf; lead < 256; lead++ {
		for _, ascii := range []string{"/", "\r", "\n", "\x00"} {
			text, err := dec.String(string([]byte{byte(lead)}) + ascii)
			if err != nil || !strings.HasSuffix(text, ascii) {
				return false
			}
		}
	}
	return true
}

// decode returns a path, or one name, as a Conn shows it.
func (cs *charset) decode(raw string) string {
	if cs == nil || isASCII(raw) {
		return raw
	}
	return eachComponent(raw, cs.decodeName)
}

// decodeName turns one component.
func (cs *charset) decodeName(raw string) string {
	if isASCII(raw) {
		return raw
	}
	if text, err := cs.enc.NewDecoder().String(raw); err == nil && utf8.ValidString(text) {
		if back, err := cs.enc.NewEncoder().String(text); err == nil && back == raw {
			return text
		}
	}
	if utf8.ValidString(raw) || strings.HasPrefix(raw, asItIs) {
		return asItIs + raw
	}
	return raw
}

// encode returns a path as the server writes it, or says why it cannot be said.
func (cs *charset) encode(path string) (string, error) {
	if cs == nil || isASCII(path) {
		return path, nil
	}
	var failed error
	raw := eachComponent(path, func(name string) string {
		out, err := cs.encodeName(name)
		if err != nil {
			failed = err
		}
		return out
	})
	return raw, failed
}

// encodeName turns one component back.
func (cs *charset) encodeName(name string) (string, error) {
	switch {
	case isASCII(name):
		return name, nil
	case !utf8.ValidString(name):
		return strings.TrimPrefix(name, asItIs), nil
	}
	raw, err := cs.enc.NewEncoder().String(name)
	if err == nil {
		return raw, nil
	}
	for _, r := range name {
		if _, err := cs.enc.NewEncoder().String(string(r)); err != nil {
			return "", unsayable(fmt.Sprintf("%q cannot be said in %s, the character set of this server", r, cs.name))
		}
	}
	return "", unsayable("this cannot be said in " + cs.name + ", the character set of this server")
}

// unsayable is an fs.ErrInvalid that says why.
type unsayable string

func (e unsayable) Error() string        { return string(e) }
func (e unsayable) Is(target error) bool { return target == fs.ErrInvalid }

// secret returns what is no name, such as a password, as the server writes it,
// or as it is where that cannot be.
func (cs *charset) secret(s string) string {
	if cs == nil || isASCII(s) || !utf8.ValidString(s) {
		return s
	}
	if raw, err := cs.enc.NewEncoder().String(s); err == nil {
		return raw
	}
	return s
}

// text returns words of the server for people: what is no text in the
// character set stays as it is.
func (cs *charset) text(raw string) string {
	if cs == nil || isASCII(raw) {
		return raw
	}
	text, err := cs.enc.NewDecoder().String(raw)
	if err != nil || strings.ContainsRune(text, utf8.RuneError) {
		return raw
	}
	return text
}

// eachComponent turns what stands between the slashes of path.
func eachComponent(path string, turn func(string) string) string {
	if strings.IndexByte(path, '/') < 0 {
		return turn(path)
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = turn(part)
	}
	return strings.Join(parts, "/")
}

// isASCII reports whether s has no byte beyond ASCII.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
