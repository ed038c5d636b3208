package local

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// D3, D4: what a server calls a file is not what every disk can hold.
func TestNamesThatDisksCannotHoldD3D4(t *testing.T) {
	always := []string{"", ".", "..", "a/b", "/", "/etc/passwd", "../x", "a/../../x", "x\x00y"}
	windows := []string{
		`a\b`, `..\x`, `\\host\x`, `C:x`, `c:`, `C:\x`, "a:b", "file.txt:stream", "x?", "x*", `"x"`, "<x>", "a|b", "tab\t", "\x1b[2J",
		"end.", "end ", "...", " ", "CON", "con", "nul.txt", "NUL .txt", "aux.", "PRN.a.b", "COM1", "com9.log", "LPT0", "COM\u00b9", "lpt\u00b3.x",
		"CONIN$", "conout$", "K\xe4se", strings.Repeat("\u00e4", 256), strings.Repeat("\U0001f600", 128),
	}
	darwin := []string{"K\xe4se", "\xff"}
	fine := []string{"a", "a b", " lead", "-rf", "~", "...a", "console", "nul1", "com10", "COMx", "lpt", "auxiliary", "K\u00e4se", "日本", ".hidden", "100%", "a'b",
		strings.Repeat("\u00e4", 255)}
	for system, bad := range map[string][]string{"linux": nil, "freebsd": nil, "darwin": darwin, "windows": windows} {
		for _, name := range append(always, bad...) {
			if badNameOn(system, name) == "" {
				t.Errorf("%s: %q was taken", system, name)
			}
		}
		for _, name := range fine {
			if why := badNameOn(system, name); why != "" {
				t.Errorf("%s: %q: %s", system, name, why)
			}
		}
	}
	for _, name := range []string{`C:x`, `a\b`, "nul", "K\xe4se", "end. "} {
		if why := badNameOn("linux", name); why != "" {
			t.Errorf("%q is a name on Unix: %s", name, why)
		}
	}
}

// FuzzName: what is taken is one component below its directory.
func FuzzName(f *testing.F) {
	for _, name := range []string{"a", "..", "a/b", `C:\x`, "nul.txt", "COM\u00b9 .x", "x\x00"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if badName(name) == "" && (!filepath.IsLocal(name) || filepath.Base(name) != name || filepath.Dir(filepath.Join("d", name)) != "d") {
			t.Fatalf("%q was taken on %s", name, runtime.GOOS)
		}
		if badNameOn("windows", name) == "" && (strings.ContainsAny(name, `\/:`) || isDevice(name)) {
			t.Fatalf("%q was taken on Windows", name)
		}
	})
}
