package keymap

// The keys of the panes, in the order of the list of keys.

func paneMoves() []Binding {
	const group = "MOVE"
	const sides, history, half = "the left, right pane", "back, forward", "half a page up, down"
	own := []Binding{
		{Action: ActOtherPane, Scope: Panes, Keys: k("tab", "shift+tab"), Short: "Other", Help: "the other pane", Group: group},
		{Action: ActLeftPane, Scope: Panes, Keys: k("left"), Help: "the left pane", Line: sides, Group: group},
		{Action: ActRightPane, Scope: Panes, Keys: k("right"), Help: "the right pane", Line: sides, Group: group},
		{Action: ActOpen, Scope: Panes, Keys: k("enter", "ctrl+pgdown"), Short: "Open", Help: "open; view a file", Group: group},
		{Action: ActParent, Scope: Panes, Keys: k("backspace", "ctrl+h", "ctrl+pgup"), Short: "Up", Help: "the directory above", Group: group},
		{Action: ActBack, Scope: Panes, Keys: k("H", "alt+left"), Help: "the directory before", Line: history, Group: group},
		{Action: ActForward, Scope: Panes, Keys: k("L", "alt+right"), Help: "forward again", Line: history, Group: group},
		{Action: ActHalfUp, Scope: Panes, Help: "half a page up", Line: half, Group: group},
		{Action: ActHalfDown, Scope: Panes, Help: "half a page down", Line: half, Group: group},
	}
	return append(movement(Panes), own...)
}

func paneGoes() []Binding {
	const group = "MOVE"
	const path, kept = "path, home, root, local", "set, go to a bookmark"
	return []Binding{
		{Action: ActGoPath, Scope: Panes, Keys: k("g p"), Short: "Path", Help: "go to a path", Line: path, Group: group},
		{Action: ActGoHome, Scope: Panes, Keys: k("g h"), Short: "Home", Help: "go to the home directory", Line: path, Group: group},
		{Action: ActGoRoot, Scope: Panes, Keys: k("g /"), Short: "Root", Help: "go to the root", Line: path, Group: group},
		{Action: ActGoLocal, Scope: Panes, Keys: k("g l"), Short: "Local", Help: "this machine, here", Line: path, Group: group},
		{Action: ActBookmarks, Scope: Panes, Keys: k("g b"), Short: "Bookmarks", Help: "all bookmarks", Group: group},
		{Action: ActBookmarkSet, Scope: Panes, Keys: k("m " + AnyChar), Help: "set a bookmark", Line: kept, Group: group},
		{Action: ActBookmarkGo, Scope: Panes, Keys: k("' " + AnyChar), Help: "go to a bookmark", Line: kept, Group: group},
		{Action: ActJump, Scope: Panes, Keys: k("ctrl+s"), Help: "jump to a name", Group: group},
		{Action: ActSearch, Scope: Panes, Keys: k("f", "alt+f7"), Help: "find files below", Group: group},
	}
}

func paneViews() []Binding {
	const group = "MOVE"
	const sort = "name ext time size turn"
	return []Binding{
		{Action: ActFilter, Scope: Panes, Keys: k("/", "div"), Short: "Filter", Help: "filter names; Esc: all", Group: group, Wide: 1},
		{Action: ActSortName, Scope: Panes, Keys: k("s n", "ctrl+f3"), Short: "Name", Help: "sort by name", Line: sort, Group: group},
		{Action: ActSortExt, Scope: Panes, Keys: k("s e", "ctrl+f4"), Short: "Extension", Help: "sort by extension", Line: sort, Group: group},
		{Action: ActSortTime, Scope: Panes, Keys: k("s t", "ctrl+f5"), Short: "Time", Help: "sort by time, new first", Line: sort, Group: group},
		{Action: ActSortSize, Scope: Panes, Keys: k("s s", "ctrl+f6"), Short: "Size", Help: "sort by size, big first", Line: sort, Group: group},
		{Action: ActSortReverse, Scope: Panes, Keys: k("s r"), Short: "Reverse", Help: "turn the order round", Line: sort, Group: group},
		{Action: ActHidden, Scope: Panes, Keys: k(".", "alt+."), Help: "show or hide dot files", Group: group},
		{Action: ActSamePath, Scope: Panes, Keys: k("=", "alt+i", "equal"), Help: "same path in other pane", Group: group},
		{Action: ActSwap, Scope: Panes, Keys: k("ctrl+u"), Help: "swap the panes", Group: group},
		{Action: ActSyncBrowse, Scope: Panes, Keys: k("Y"), Short: "Sync", Help: "browse both together", Group: group, Wide: 4},
		{Action: ActCompare, Scope: Panes, Keys: k("C"), Short: "Compare", Help: "compare the panes", Group: group, Wide: 3},
	}
}

func paneFiles() []Binding {
	const group = "FILE"
	const names = "copy path, URL, name"
	return []Binding{
		{Action: ActView, Scope: Panes, Keys: f("3"), Short: "View", Help: "view a file", Group: group, Footer: 3},
		{Action: ActMkdir, Scope: Panes, Keys: f("7"), Short: "Mkdir", Help: "make a directory", Group: group, Footer: 7},
		{Action: ActDelete, Scope: Panes, Keys: f("8", "delete"), Short: "Del", Help: "delete (asks first)", Group: group, Footer: 8, Harm: true},
		{Action: ActRename, Scope: Panes, Keys: k("r", "shift+f6"), Short: "Rename", Help: "rename", Group: group},
		{Action: ActInfo, Scope: Panes, Keys: k("i"), Help: "info, size, checksum", Group: group},
		{Action: ActDirSize, Scope: Panes, Keys: k("z", "ctrl+space"), Help: "size of a directory", Group: group},
		{Action: ActCopyPath, Scope: Panes, Keys: k("y p"), Short: "Path", Help: "copy the path as text", Line: names, Group: group},
		{Action: ActCopyURL, Scope: Panes, Keys: k("y u"), Short: "URL", Help: "copy the URL as text", Line: names, Group: group},
		{Action: ActCopyName, Scope: Panes, Keys: k("y n"), Short: "Name", Help: "copy the name as text", Line: names, Group: group},
	}
}

func paneMarks() []Binding {
	const group = "MARK"
	const span, pattern, all = "mark a range", "mark, unmark by pattern", "invert, all, none"
	return []Binding{
		{Action: ActMark, Scope: Panes, Keys: k("space", "insert", "ctrl+t"), Short: "Mark", Help: "mark and go down", Group: group, Wide: 2},
		{Action: ActMarkUp, Scope: Panes, Keys: k("shift+up"), Help: "mark and go up", Line: span, Group: group},
		{Action: ActMarkDown, Scope: Panes, Keys: k("shift+down"), Help: "mark and go down", Line: span, Group: group},
		{Action: ActRange, Scope: Panes, Keys: k("v"), Help: "mark a range", Line: span, Group: group},
		{Action: ActMarkPattern, Scope: Panes, Keys: k("+", "plus"), Help: "mark by a pattern", Line: pattern, Group: group},
		{Action: ActDropPattern, Scope: Panes, Keys: k("-", "minus"), Help: "unmark by a pattern", Line: pattern, Group: group},
		{Action: ActInvert, Scope: Panes, Keys: k("*", "mul"), Help: "mark what is not marked", Line: all, Group: group},
		{Action: ActMarkAll, Scope: Panes, Keys: k("A", "ctrl+a"), Help: "mark all", Line: all, Group: group},
		{Action: ActMarkNone, Scope: Panes, Keys: k("u"), Help: "mark none", Line: all, Group: group},
		{Action: ActMarkDiffer, Scope: Panes, Keys: k("M"), Help: "mark what differs", Group: group},
	}
}

func paneTransfers() []Binding {
	const transfer, site = "TRANSFER", "SITE"
	return []Binding{
		{Action: ActCopy, Scope: Panes, Keys: f("5"), Short: "Copy", Help: "copy to the other pane", Group: transfer, Footer: 5},
		{Action: ActMove, Scope: Panes, Keys: f("6"), Short: "Move", Help: "move, or rename", Group: transfer, Footer: 6, Harm: true},
		{Action: ActQueue, Scope: Panes, Keys: k("w"), Short: "Queue", Help: "the queue", Group: transfer, Hint: 1, Wide: 5},
		{Action: ActAnswer, Scope: Panes, Keys: k("a"), Help: "answer open questions", Group: transfer},
		{Action: ActPauseAll, Scope: Panes, Keys: k("p"), Help: "pause all, or go on", Group: transfer},

		{Action: ActConnect, Scope: Panes, Keys: f("2"), Short: "Sites", Help: "connect to a server", Group: site, Footer: 2},
		{Action: ActSiteLeft, Scope: Panes, Help: "a site in the left pane", Group: site},
		{Action: ActSiteRight, Scope: Panes, Help: "a site in the right pane", Group: site},
		{Action: ActLog, Scope: Panes, Keys: k("@", "ctrl+o"), Short: "Log", Help: "the connection log", Group: site, Wide: 6},
		{Action: ActReload, Scope: Panes, Keys: k("ctrl+r"), Short: "Reload", Help: "read the directory again", Group: site},
	}
}

func paneProgram() []Binding {
	const group = "PROGRAM"
	all := []Binding{
		{Action: ActHelp, Scope: Panes, Keys: f("1", "?"), Short: "Help", HintShort: "keys", Help: "this list of keys", Group: group, Footer: 1, Hint: 2, Wide: 7},
		{Action: ActCancel, Scope: Panes, Keys: k("esc", "alt+esc"), Help: "stop, clear the filter", Group: group},
	}
	for _, b := range program(Panes) {
		switch b.Action {
		case ActPalette:
			b.Footer = 9
		case ActQuit:
			b.Keys, b.Footer = f("0", "q"), 10
		}
		all = append(all, b)
	}
	return all
}
