package ui

import "portside/keymap"

// workCommands returns what changes files.
func workCommands() []command {
	return []command{
		{scope: keymap.Panes, action: keymap.ActMkdir, run: starting((*Model).askMkdir), why: needsDirectory},
		{scope: keymap.Panes, action: keymap.ActDelete, run: starting((*Model).askDelete), why: needsDirectory},
		{scope: keymap.Panes, action: keymap.ActRename, run: starting((*Model).askRename), why: needsDirectory},
		{scope: keymap.Panes, action: keymap.ActInfo, run: starting((*Model).openInfo), why: needsDirectory},
	}
}
