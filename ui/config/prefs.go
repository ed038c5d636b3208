package config

// Prefs are the settings of the screens. The zero value is the defaults.
type Prefs struct {
	Preset       string   // of keys: "vim", "commander"; "" is the default
	Glyphs       string   // "auto" or "ascii"; "" is auto
	Mouse        bool     // clicks and the wheel count
	Notify       bool     // notices through the terminal
	Silent       bool     // the bell does not ring where something asks for a person
	Hidden       bool     // dot files are shown
	Sort         string   // "name", "extension", "time" or "size"; "" is name
	Editor       []string // the command and its arguments
	Diff         []string // one that compares two files; none: our own
	Plain        bool     // no lines and boxes, for screen readers
	LowBandwidth string   // "auto", "on" or "off"; "" is auto
	// Keys are the keys of actions, by scope and action.
	Keys map[string]map[string]Keys
	// Problems are what of the file cannot be followed.
	Problems []Problem
}

// Keys are the keys that a person gave to an action.
type Keys struct {
	Keys []string
	Line int // of the file that says so
}
