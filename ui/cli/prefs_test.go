package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettingsComeFromTheFileThenTheEnvironment(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte("preset = \"vim\"\nmouse = true\nboll = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, config string
		env          map[string]string
		plain        bool
		want         string // the editor
	}{
		{"none", "", nil, true, "vi"},
		{"EDITOR", dir, map[string]string{"EDITOR": "nano -w"}, false, "nano|-w"},
		{"VISUAL first", dir, map[string]string{"EDITOR": "ed", "VISUAL": "'my vim' -n"}, false, "my vim|-n"},
	}
	for _, tt := range tests {
		a := &app{env: Env{Config: tt.config, Environ: func(name string) string { return tt.env[name] }}}
		a.flags.plain = tt.plain
		p := a.prefs()
		if got := strings.Join(p.Editor, "|"); got != tt.want && got != "notepad" || p.Plain != tt.plain {
			t.Errorf("%s: %q %v", tt.name, got, p.Plain)
		}
		if tt.config != "" && (p.Preset != "vim" || !p.Mouse || len(p.Problems) != 1) {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
}
