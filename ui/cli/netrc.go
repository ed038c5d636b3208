package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxNetrc bounds what is read of a .netrc.
const maxNetrc = 1 << 20

// netrcEntry is one machine of a .netrc, or its default.
type netrcEntry struct {
	machine         string // "" is the default
	login, password string
}

// parseNetrc reads the entries of a .netrc in order. Macros are skipped,
// values may be quoted, and what is not known is left out.
func parseNetrc(s string) []netrcEntry {
	var entries []netrcEntry
	p := &netrcTokens{s: s}
	current := -1
	for {
		word, ok := p.next()
		if !ok {
			return entries
		}
		switch word {
		case "machine":
			name, _ := p.next()
			entries = append(entries, netrcEntry{machine: strings.ToLower(name)})
			current = len(entries) - 1
		case "default":
			entries = append(entries, netrcEntry{})
			current = len(entries) - 1
		case "macdef":
			p.skipMacro()
		case "login", "password", "account":
			value, _ := p.next()
			if current < 0 {
				continue
			}
			switch word {
			case "login":
				entries[current].login = value
			case "password":
				entries[current].password = value
			}
		}
	}
}

// netrcTokens cuts a .netrc into words.
type netrcTokens struct{ s string }

// next returns the next word; comments count only where a word begins.
func (p *netrcTokens) next() (string, bool) {
	for {
		p.s = strings.TrimLeft(p.s, " \t\r\n")
		if !strings.HasPrefix(p.s, "#") {
			break
		}
		_, p.s, _ = strings.Cut(p.s, "\n")
	}
	if p.s == "" {
		return "", false
	}
	if p.s[0] == '"' {
		return p.quoted(), true
	}
	end := strings.IndexAny(p.s, " \t\r\n")
	if end < 0 {
		end = len(p.s)
	}
	word := p.s[:end]
	p.s = p.s[end:]
	return word, true
}

func (p *netrcTokens) quoted() string {
	var word strings.Builder
	for i := 1; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '"':
			p.s = p.s[i+1:]
			return word.String()
		case c == '\\' && i+1 < len(p.s):
			i++
			word.WriteByte(p.s[i])
		default:
			word.WriteByte(c)
		}
	}
	p.s = ""
	return word.String()
}

// skipMacro skips a macro: up to an empty line.
func (p *netrcTokens) skipMacro() {
	body := strings.ReplaceAll(p.s, "\r\n", "\n")
	_, p.s, _ = strings.Cut(body, "\n\n")
}

// findNetrc returns the entry for host, and for user where that is not "". The
// first one that fits counts; the default fits every host, but comes last.
func findNetrc(entries []netrcEntry, host, user string) (netrcEntry, bool) {
	for _, wanted := range []string{host, ""} {
		for _, e := range entries {
			if e.machine == wanted && (user == "" || e.login == user) {
				return e, true
			}
		}
	}
	return netrcEntry{}, false
}

// readNetrc returns the entries of the user's .netrc; none when there is no
// such file. A file with passwords that others can read is refused.
func (a *app) readNetrc() ([]netrcEntry, error) {
	home := a.env.Environ("HOME")
	if home == "" {
		home = a.env.Environ("USERPROFILE")
	}
	if home == "" {
		return nil, nil
	}
	name := filepath.Join(home, ".netrc")
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s is not used: %w", name, err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not used: it is no regular file", name)
	}
	body, err := io.ReadAll(io.LimitReader(f, maxNetrc))
	if err != nil {
		return nil, fmt.Errorf("%s is not used: %w", name, err)
	}
	entries := parseNetrc(string(body))
	if runtime.GOOS != "windows" && st.Mode().Perm()&0o077 != 0 {
		for _, e := range entries {
			if e.password != "" {
				return nil, fmt.Errorf("%s is not used: others can read the passwords in it (chmod 600 %s)", name, name)
			}
		}
	}
	return entries, nil
}
