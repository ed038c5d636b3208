package cli

import (
	"runtime"

	"portside/ui/config"
)

// prefs returns the settings of the panes: those of the file, and where it says
// nothing those of the environment.
func (a *app) prefs() config.Prefs {
	p := config.LoadPrefs(a.env.Config)
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if words, err := split(a.env.Environ(name)); err == nil && len(p.Editor) == 0 {
			p.Editor = words
		}
	}
	if len(p.Editor) == 0 {
		p.Editor = []string{"vi"}
		if runtime.GOOS == "windows" {
			p.Editor = []string{"notepad"}
		}
	}
	p.Plain = p.Plain || a.flags.plain
	return p
}
