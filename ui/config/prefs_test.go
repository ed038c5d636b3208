package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestPrefs(t *testing.T) {
	const file = `# mine
version = 1
preset = "vim"
glyphs = 'ascii'
hidden = true
bell = false
sort = "time"
editor = "vim -n"
diff = ["meld", "--diff x"]

[keys.panes]
copy = ["5", "g c"] # two
swap = []
[keys]
queue = { "pause" = ["space"] }
`
	got := ParsePrefs([]byte(file))
	want := Prefs{
		Preset: "vim", Silent: true, Glyphs: "ascii", Hidden: true, Sort: "time", Editor: []string{"vim", "-n"}, Diff: []string{"meld", "--diff x"},
		Keys: map[string]map[string]Keys{
			"panes": {"copy": {[]string{"5", "g c"}, 12}, "swap": {[]string{}, 13}},
			"queue": {"pause": {[]string{"space"}, 15}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestBrokenPrefs(t *testing.T) {
	tests := []struct{ file, want string }{
		{"", ""},
		{"# nothing\n\n", ""},
		{"\xef\xbb\xbfbell = true\r\n", ""},
		{"bell = true\nbell = false\n", "config.toml line 2: bell is set in line 1 too, which counts"},
		{"\n\nbel = true\n", `config.toml line 3: there is no setting "bel": "bell" is meant?`},
		{"low_bandwidth = \"on\"\n", `config.toml line 1: there is no setting "low_bandwidth": "low-bandwidth" is meant?`},
		{"colour = 1\n", `config.toml line 1: there is no setting "colour": there are bell, diff, editor,`},
		{"bell = 1\n", "config.toml line 1: bell wants true or false"},
		{"bell = \"true\"\n", "config.toml line 1: bell wants true or false"},
		{"preset = \"emacs\"\n", `config.toml line 1: preset wants one of "default", "vim", "commander"`},
		{"preset = 1\n", "config.toml line 1: preset wants one of"},
		{"sort = true\n", "config.toml line 1: sort wants one of"},
		{"glyphs = []\n", "config.toml line 1: glyphs wants one of"},
		{"editor = 7\n", `config.toml line 1: editor wants a command: ["vim", "-n"]`},
		{"editor = \"\"\n", "config.toml line 1: editor wants a command"},
		{"editor = [1]\n", "config.toml line 1: editor wants a command"},
		{"version = 2\n", "config.toml line 1: version wants 1 here: the file is for a later portside"},
		{"version = \"1\"\n", "config.toml line 1: version wants a number, 1 here"},
		{"\n[sites]\na = 1\n", `config.toml line 2: there is no table "sites": [keys.panes] is one`},
		{"[[keys]]\n", `config.toml line 1: there is no table "keys"`},
		{"[keys.panes.more]\nx = []\n", `config.toml line 1: there is no table "keys.panes.more"`},
		{"[keys]\ncopy = [\"5\"]\n", `config.toml line 2: keys are given as copy = ["5", "x"] below [keys.panes]`},
		{"[keys.panes]\ncopy = \"5\"\n", `config.toml line 2: copy wants a list of keys: ["5", "g x"]`},
		{"[keys.panes]\ncopy = [5]\n", "config.toml line 2: copy wants a list of keys"},
		{"[keys.panes]\ncopy = [\"5\"]\n[keys.panes]\ncopy = [\"x\"]\n", "config.toml line 4: keys.panes.copy is set in line 2 too, which counts"},
		{"bell = true\nbell\n", "config.toml line 2: column 5: expected '=' after key; the defaults count"},
		{"bell = yes\n", "config.toml line 1: column 8: "},
		{"[keys.panes\n", "config.toml line 1: column 12: "},
		{"editor = \"vim\n", "config.toml line 1: column "},
		{"a = [1,\n2\n", "config.toml line "},
		{"bell = true bell = false", "config.toml line 1: column "},
		{"x = \"\xff\"\n", "config.toml line 1: column "},
		{strings.Repeat("[", 20000), "config.toml line 1: column "},
	}
	for _, tt := range tests {
		got := ParsePrefs([]byte(tt.file))
		problems := got.Problems
		first := ""
		if len(problems) > 0 {
			first = problems[0].String()
		}
		if !strings.HasPrefix(first, tt.want) || tt.want == "" && first != "" {
			t.Errorf("%.40q: %s\nwant %s", tt.file, first, tt.want)
		}
		if strings.Contains(first, "the defaults count") && !reflect.DeepEqual(got, Prefs{Problems: problems}) {
			t.Errorf("%.40q: %+v", tt.file, got)
		}
	}
}

func TestPrefsFileIsOnlyRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "portside")
	if p := LoadPrefs(dir); !reflect.DeepEqual(p, Prefs{}) {
		t.Errorf("%+v", p)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the directory was made: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, PrefsFile), 0o700); err != nil {
		t.Fatal(err)
	}
	if problems := LoadPrefs(dir).Problems; len(problems) != 1 || !strings.Contains(problems[0].Text, "cannot be read") {
		t.Errorf("%v", problems)
	}
}

func FuzzPrefs(f *testing.F) {
	f.Add([]byte("bell = true\n[keys.panes]\ncopy = [\"5\"]\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, p := range ParsePrefs(raw).Problems {
			if p.Text == "" || p.Line < 0 {
				t.Errorf("%+v", p)
			}
		}
	})
}
