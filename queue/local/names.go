package local

import (
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// badName says why name cannot be one component of a path on this disk, or
// returns "".
func badName(name string) string {
	why := badNameOn(runtime.GOOS, name)
	if why == "" && !filepath.IsLocal(name) {
		why = "the system reserves it"
	}
	return why
}

// badNameOn is badName for a system.
func badNameOn(system, name string) string {
	switch {
	case name == "":
		return "it is empty"
	case name == "." || name == "..":
		return "it means a directory"
	case strings.IndexByte(name, 0) >= 0:
		return "it holds a zero byte"
	case strings.IndexByte(name, '/') >= 0:
		return "it holds a separator"
	}
	switch system {
	case "windows":
		return badOnWindows(name)
	case "darwin", "ios":
		if !utf8.ValidString(name) {
			return "it is not UTF-8 (--charset NAME says what the server writes)"
		}
	}
	return ""
}

// maxUnits is how long a name may be on Windows, in units of UTF-16.
const maxUnits = 255

func badOnWindows(name string) string {
	switch {
	case !utf8.ValidString(name):
		return "it is not UTF-8 (--charset NAME says what the server writes)"
	case strings.ContainsAny(name, `/\`):
		return "it holds a separator"
	case len(name) > 1 && name[1] == ':' && isLetter(name[0]):
		return "it begins like a drive"
	case strings.ContainsAny(name, `<>:"|?*`) || strings.IndexFunc(name, func(r rune) bool { return r < ' ' }) >= 0:
		return "it holds a character that Windows reserves"
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return "it ends in a dot or a space"
	case isDevice(name):
		return "it is a device on Windows"
	case len(utf16.Encode([]rune(name))) > maxUnits:
		return "it is too long for Windows"
	}
	return ""
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// isDevice reports whether Windows takes name for a device, whatever extension
// it has.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		digit, ok := strings.CutPrefix(stem, port)
		if ok && utf8.RuneCountInString(digit) == 1 && strings.Contains("0123456789\u00b9\u00b2\u00b3", digit) {
			return true
		}
	}
	return false
}
