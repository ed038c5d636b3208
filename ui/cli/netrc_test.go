package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// H8.
func TestFindInNetrc(t *testing.T) {
	const file = `# a comment with machine words in it
machine files.example.com login deploy password s3cret
machine files.example.com
	login other password "two words \"quoted\""
macdef init
machine trap.example.com login macro password macro
cd /pub

machine CASE.example.com login c account a password p#notcomment
machine nologin.example.com password only
default login anonymous password me@example.com
machine late.example.com login late password "no end`
	entries := parseNetrc(file)
	for _, tt := range []struct {
		host, user      string
		login, password string
		found           bool
	}{
		{"files.example.com", "", "deploy", "s3cret", true},
		{"files.example.com", "deploy", "deploy", "s3cret", true},
		{"files.example.com", "other", "other", `two words "quoted"`, true},
		{"files.example.com", "nobody", "", "", false},
		{"case.example.com", "c", "c", "p#notcomment", true},
		{"trap.example.com", "macro", "", "", false},
		{"trap.example.com", "", "anonymous", "me@example.com", true},
		{"unknown.example.com", "", "anonymous", "me@example.com", true},
		{"unknown.example.com", "deploy", "", "", false},
		{"late.example.com", "", "late", "no end", true},
		{"nologin.example.com", "", "", "only", true},
		{"nologin.example.com", "x", "", "", false},
	} {
		e, ok := findNetrc(entries, tt.host, tt.user)
		if ok != tt.found || e.login != tt.login || e.password != tt.password {
			t.Errorf("%s@%s: %+v %v", tt.user, tt.host, e, ok)
		}
	}
	for _, odd := range []string{"", "machine", "default", "login x", "password", "macdef", "macdef a", `"`, `machine "a`, "#", "machine a login"} {
		parseNetrc(odd)
	}
}

func FuzzNetrc(f *testing.F) {
	f.Add("machine a login b password \"c\\\" macdef x\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, e := range parseNetrc(s) {
			if len(e.machine)+len(e.login)+len(e.password) > 3*len(s) {
				t.Error("more than was there")
			}
		}
	})
}

func TestNetrcOfOthersIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits")
	}
	home := t.TempDir()
	name := filepath.Join(home, ".netrc")
	a := &app{env: Env{Environ: func(n string) string { return map[string]string{"HOME": home}[n] }}}
	if entries, err := a.readNetrc(); err != nil || entries != nil {
		t.Errorf("no file: %v %v", entries, err)
	}
	write := func(body string, mode os.FileMode) {
		if err := os.WriteFile(name, []byte(body), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	write("machine a login b password c", 0o640)
	if _, err := a.readNetrc(); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("%v", err)
	}
	write("machine a login b", 0o644)
	if entries, err := a.readNetrc(); err != nil || len(entries) != 1 {
		t.Errorf("without a secret: %v %v", entries, err)
	}
	write("machine a login b password c", 0o600)
	if entries, err := a.readNetrc(); err != nil || len(entries) != 1 {
		t.Errorf("%v %v", entries, err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := a.readNetrc(); err == nil {
		t.Error("a directory was read")
	}
}
