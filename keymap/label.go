package keymap

import (
	"strings"
	"unicode/utf8"
)

// Label returns a key as people read it: "Ctrl-R" for "ctrl+r", "g p" for "g p".
func Label(key string) string {
	parts := strings.Split(key, " ")
	for i, part := range parts {
		parts[i] = labelOne(part)
	}
	return strings.Join(parts, " ")
}

func labelOne(key string) string {
	if utf8.RuneCountInString(key) == 1 || key == AnyChar {
		return key
	}
	var label strings.Builder
	for {
		mod, rest, found := strings.Cut(key, "+")
		if !found || rest == "" {
			break
		}
		label.WriteString(strings.ToUpper(mod[:1]) + mod[1:] + "-")
		key = rest
	}
	switch key {
	case "up":
		key = "↑"
	case "down":
		key = "↓"
	case "left":
		key = "←"
	case "right":
		key = "→"
	case "pgup":
		key = "PgUp"
	case "pgdown":
		key = "PgDn"
	case "insert":
		key = "Ins"
	case "delete":
		key = "Del"
	default:
		key = strings.ToUpper(key[:1]) + key[1:]
	}
	return label.String() + key
}

// FooterLabel returns b as the footer shows it: "5Copy" for a digit, "Space
// pause" for any other key.
func (b Binding) FooterLabel() string {
	key := b.Keys[0]
	if isDigit(key) {
		return key + b.Short
	}
	return Label(key) + " " + strings.ToLower(b.Short)
}

// HintLabel returns b as a hint: its first key that is one character and no
// digit, and the word, as in "w queue".
func (b Binding) HintLabel() string {
	key := b.Keys[0]
	for _, k := range b.Keys {
		if utf8.RuneCountInString(k) == 1 && !isDigit(k) {
			key = k
			break
		}
	}
	word := b.HintShort
	if word == "" {
		word = strings.ToLower(b.Short)
	}
	return Label(key) + " " + word
}

// Shown returns the keys that a list of keys shows, as people read them:
// without the other names of the same key (Esc and a digit, the keypad).
func (b Binding) Shown() []string {
	var shown []string
	for _, key := range b.Keys {
		if !alias(key) {
			shown = append(shown, Label(key))
		}
	}
	return shown
}

// alias reports whether key only stands in for another name of itself on some
// terminals.
func alias(key string) bool {
	switch key {
	case "plus", "minus", "mul", "div", "equal", "ctrl+h", "alt+esc":
		return true
	}
	rest, ok := strings.CutPrefix(key, "alt+")
	return ok && isDigit(rest)
}

func isDigit(key string) bool { return len(key) == 1 && key[0] >= '0' && key[0] <= '9' }

// Markdown returns the README's tables: the keys of the screens. Dialogs show
// theirs themselves.
func (m *Map) Markdown() string {
	titles := map[Scope]string{
		Panes: "The two panes", Queue: "The queue", Log: "The connection log", View: "A file that is looked at",
		Found: "What a search has found",
	}
	var md strings.Builder
	for _, scope := range Scopes() {
		md.WriteString("**" + titles[scope] + "**\n\n| keys | what they do | action |\n|---|---|---|\n")
		for _, b := range m.Bindings(scope) {
			if len(b.Keys) == 0 {
				continue
			}
			md.WriteString("| " + markdownKeys(b.Shown()) + " | " + b.Help + " | `" + string(b.Action) + "` |\n")
		}
		md.WriteString("\n")
	}
	return strings.TrimSuffix(md.String(), "\n")
}

func markdownKeys(labels []string) string {
	quoted := make([]string, len(labels))
	for i, l := range labels {
		quoted[i] = "`" + strings.ReplaceAll(l, "|", "\\|") + "`"
	}
	return strings.Join(quoted, " ")
}
