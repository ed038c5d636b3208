package ui

// prefState is what the settings changed.
type prefState struct{}

// prefCommands returns what changes settings.
func prefCommands() []command { return nil }
