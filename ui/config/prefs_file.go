package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// PrefsFile is the name of the file of settings in the directory for them. It
// is the person's: portside reads it and never writes it.
const PrefsFile = "config.toml"

const (
	prefsVersion = 1
	prefsLimit   = 1 << 20 // bytes
)

// Problem is something in the file of settings that is not followed.
type Problem struct {
	Line int // 0: the file as a whole
	Text string
}

// String returns the problem with the place it is at.
func (p Problem) String() string {
	if p.Line == 0 || strings.HasPrefix(p.Text, "line") { // it names its lines itself
		return PrefsFile + ": " + p.Text
	}
	return PrefsFile + " line " + strconv.Itoa(p.Line) + ": " + p.Text
}

// LoadPrefs reads the settings in dir, and what of them cannot be followed. No
// file and no dir are the defaults; so is a file that is no TOML.
func LoadPrefs(dir string) Prefs {
	if dir == "" {
		return Prefs{}
	}
	f, err := os.Open(filepath.Join(dir, PrefsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Prefs{}
	}
	if err == nil {
		defer f.Close()
		var raw []byte
		if raw, err = io.ReadAll(io.LimitReader(f, prefsLimit+1)); err == nil && len(raw) > prefsLimit {
			err = errors.New("it is larger than 1M")
		}
		if err == nil {
			return ParsePrefs(raw)
		}
	}
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err
	}
	return Prefs{Problems: []Problem{{0, "cannot be read, the defaults count: " + err.Error()}}}
}

// ParsePrefs reads settings in TOML.
func ParsePrefs(raw []byte) Prefs {
	r := reader{seen: map[string]int{}}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	r.parser.Reset(raw)
	for r.parser.NextExpression() {
		r.expression(r.parser.Expression())
	}
	if err := r.parser.Error(); err != nil {
		p := Problem{Text: "it is no TOML, the defaults count: " + err.Error()}
		var at *unstable.ParserError
		if errors.As(err, &at) && cap(raw) >= cap(at.Highlight) {
			where := r.parser.Shape(unstable.Range{Offset: uint32(min(cap(raw)-cap(at.Highlight), len(raw)))}).Start
			p.Line, p.Text = where.Line, fmt.Sprintf("column %d: %s; the defaults count", where.Column, err)
		}
		return Prefs{Problems: []Problem{p}}
	}
	return r.prefs
}

// reader reads one file of settings.
type reader struct {
	parser unstable.Parser
	prefs  Prefs
	table  []string
	skip   bool           // the table is not known, which was said
	seen   map[string]int // the line of each setting
}

func (r *reader) tell(line int, format string, args ...any) {
	r.prefs.Problems = append(r.prefs.Problems, Problem{line, fmt.Sprintf(format, args...)})
}

// expression takes a table's head or a setting.
func (r *reader) expression(n *unstable.Node) {
	if n.Kind == unstable.Comment {
		return
	}
	var path []string
	line := 0
	for keys := n.Key(); keys.Next(); {
		if line == 0 {
			line = r.parser.Shape(keys.Node().Raw).Start.Line
		}
		path = append(path, string(keys.Node().Data))
	}
	if n.Kind != unstable.KeyValue {
		r.table = path
		if r.skip = n.Kind == unstable.ArrayTable || path[0] != "keys" || len(path) > 2; r.skip {
			r.tell(line, "there is no table %q: [keys.panes] is one", strings.Join(path, "."))
		}
		return
	}
	if !r.skip {
		r.setting(append(slices.Clone(r.table), path...), n.Value(), line)
	}
}

// setting takes one setting, or those of a table in braces.
func (r *reader) setting(path []string, v *unstable.Node, line int) {
	if v.Kind == unstable.InlineTable {
		for each := v.Children(); each.Next(); {
			n := each.Node()
			inner := slices.Clone(path)
			for keys := n.Key(); keys.Next(); {
				inner = append(inner, string(keys.Node().Data))
			}
			r.setting(inner, n.Value(), line)
		}
		return
	}
	name := strings.Join(path, ".")
	if before := r.seen[name]; before > 0 {
		r.tell(line, "%s is set in line %d too, which counts", name, before)
		return
	}
	r.seen[name] = line
	if path[0] == "keys" {
		r.keys(path, v, line)
		return
	}
	take, ok := r.settings()[name]
	if !ok {
		r.tell(line, "there is no setting %q%s", name, nearest(name, r.names()))
		return
	}
	if wants := take(v); wants != "" {
		r.tell(line, "%s wants %s", name, wants)
	}
}

// keys takes the keys of an action.
func (r *reader) keys(path []string, v *unstable.Node, line int) {
	if len(path) != 3 {
		r.tell(line, `keys are given as copy = ["5", "x"] below [keys.panes]`)
		return
	}
	list, ok := texts(v)
	if !ok {
		r.tell(line, `%s wants a list of keys: ["5", "g x"]`, path[2])
		return
	}
	if r.prefs.Keys == nil {
		r.prefs.Keys = map[string]map[string]Keys{}
	}
	if r.prefs.Keys[path[1]] == nil {
		r.prefs.Keys[path[1]] = map[string]Keys{}
	}
	r.prefs.Keys[path[1]][path[2]] = Keys{list, line}
}

// settings returns what takes the value of each setting; it says what it wants
// of a value that is none, and then the default stays.
func (r *reader) settings() map[string]func(*unstable.Node) string {
	p := &r.prefs
	return map[string]func(*unstable.Node) string{
		"version": func(v *unstable.Node) string {
			n, err := strconv.Atoi(string(v.Data))
			if v.Kind != unstable.Integer || err != nil || n < 1 {
				return "a number, 1 here"
			}
			if n > prefsVersion {
				return "1 here: the file is for a later portside, and what is not known is left out"
			}
			return ""
		},
		"preset":        oneOf(&p.Preset, "default", "vim", "commander"),
		"glyphs":        oneOf(&p.Glyphs, "auto", "ascii"),
		"sort":          oneOf(&p.Sort, "name", "extension", "time", "size"),
		"low-bandwidth": oneOf(&p.LowBandwidth, "auto", "on", "off"),
		"mouse":         yesNo(&p.Mouse, true),
		"notify":        yesNo(&p.Notify, true),
		"bell":          yesNo(&p.Silent, false),
		"hidden":        yesNo(&p.Hidden, true),
		"plain":         yesNo(&p.Plain, true),
		"editor":        command(&p.Editor),
		"diff":          command(&p.Diff),
	}
}

func (r *reader) names() []string {
	var names []string
	for name := range r.settings() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func oneOf(to *string, words ...string) func(*unstable.Node) string {
	return func(v *unstable.Node) string {
		if v.Kind == unstable.String && slices.Contains(words, string(v.Data)) {
			*to = string(v.Data)
			return ""
		}
		return `one of "` + strings.Join(words, `", "`) + `"`
	}
}

// yesNo takes true or false; to is set by the word that is not the default.
func yesNo(to *bool, sets bool) func(*unstable.Node) string {
	return func(v *unstable.Node) string {
		if v.Kind != unstable.Bool {
			return "true or false"
		}
		*to = (string(v.Data) == "true") == sets
		return ""
	}
}

// command takes a command as a list of its words; one text is cut at spaces,
// and no shell sees it.
func command(to *[]string) func(*unstable.Node) string {
	return func(v *unstable.Node) string {
		words, ok := texts(v)
		if v.Kind == unstable.String {
			words, ok = strings.Fields(string(v.Data)), true
		}
		if !ok || len(words) == 0 || words[0] == "" {
			return `a command: ["vim", "-n"]`
		}
		*to = words
		return ""
	}
}

// texts returns a list of texts.
func texts(v *unstable.Node) ([]string, bool) {
	if v.Kind != unstable.Array {
		return nil, false
	}
	list := []string{}
	for each := v.Children(); each.Next(); {
		switch n := each.Node(); n.Kind {
		case unstable.Comment:
		case unstable.String:
			list = append(list, string(n.Data))
		default:
			return nil, false
		}
	}
	return list, true
}

// nearest proposes the name that is most like a mistyped one.
func nearest(typed string, names []string) string {
	folded := strings.ToLower(strings.ReplaceAll(typed, "_", "-"))
	best, least := "", 3
	for _, name := range names {
		if d := edits(folded, name); d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return ": there are " + strings.Join(names, ", ")
	}
	return fmt.Sprintf(": %q is meant?", best)
}

// edits counts the letters to change, add or leave out between two words.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := left
			if a[i] != b[j] {
				cost++
			}
			left = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
