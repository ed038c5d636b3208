package ui

// prefState is what the settings changed.
type prefState struct{} //nolint:unused // empty as yet

// prefCommands returns what changes settings.
func prefCommands() []command { return nil }
