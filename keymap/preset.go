package keymap

import "slices"

// Default returns the preset that portside starts with. The digits are the
// F-keys, because something on the way to the program takes almost every
// F-key somewhere; Esc and a digit, typed fast, arrives as Alt and the digit.
func Default() *Map {
	return New(slices.Concat(paneFiles(), paneMoves(), paneMarks(), paneViews(), queueKeys(), logKeys()))
}

// f returns the keys of F-key n: the digit first, since it always arrives.
func f(digit string, more ...string) []string {
	name := "f" + digit
	if digit == "0" {
		name = "f10"
	}
	return append([]string{digit, name, "alt+" + digit}, more...)
}

// k returns the keys.
func k(keys ...string) []string { return keys }

func paneFiles() []Binding {
	const group = "FILES"
	return []Binding{
		{Action: ActCopy, Scope: Panes, Keys: f("5"), Short: "Copy", Help: "copy to the other pane", Group: group, Footer: 5},
		{Action: ActMove, Scope: Panes, Keys: f("6", "shift+f6"), Short: "Move", Help: "move, or rename", Group: group, Footer: 6, Harm: true},
		{Action: ActRename, Scope: Panes, Keys: k("r"), Short: "Rename", Help: "rename", Group: group},
		{Action: ActMkdir, Scope: Panes, Keys: f("7"), Short: "Mkdir", Help: "make a directory", Group: group, Footer: 7},
		{Action: ActDelete, Scope: Panes, Keys: f("8", "delete"), Short: "Delete", Help: "delete (asks first)", Group: group, Footer: 8, Harm: true},
	}
}

func paneMoves() []Binding {
	const group = "MOVE"
	return []Binding{
		{Action: ActUp, Scope: Panes, Keys: k("up"), Help: "one up", Group: group},
		{Action: ActDown, Scope: Panes, Keys: k("down"), Help: "one down", Group: group},
		{Action: ActPageUp, Scope: Panes, Keys: k("pgup"), Help: "a page up", Group: group},
		{Action: ActPageDown, Scope: Panes, Keys: k("pgdown"), Help: "a page down", Group: group},
		{Action: ActTop, Scope: Panes, Keys: k("home", "g g"), Help: "to the top", Group: group},
		{Action: ActBottom, Scope: Panes, Keys: k("end", "G"), Help: "to the bottom", Group: group},
		{Action: ActOtherPane, Scope: Panes, Keys: k("tab", "shift+tab"), Short: "Other", Help: "the other pane", Group: group},
		{Action: ActLeftPane, Scope: Panes, Keys: k("left"), Help: "the left pane", Group: group},
		{Action: ActRightPane, Scope: Panes, Keys: k("right"), Help: "the right pane", Group: group},
		{Action: ActOpen, Scope: Panes, Keys: k("enter", "ctrl+pgdown"), Short: "Open", Help: "open a directory", Group: group},
		{Action: ActParent, Scope: Panes, Keys: k("backspace", "ctrl+h", "ctrl+pgup"), Short: "Up", Help: "the directory above", Group: group},
		{Action: ActBack, Scope: Panes, Keys: k("H", "alt+left"), Help: "the directory before", Group: group},
		{Action: ActForward, Scope: Panes, Keys: k("L", "alt+right"), Help: "forward again", Group: group},
		{Action: ActGoPath, Scope: Panes, Keys: k("g p"), Short: "Path", Help: "go to a path", Group: group},
		{Action: ActGoHome, Scope: Panes, Keys: k("g h"), Short: "Home", Help: "go to the home directory", Group: group},
		{Action: ActGoRoot, Scope: Panes, Keys: k("g /"), Short: "Root", Help: "go to the root", Group: group},
		{Action: ActSamePath, Scope: Panes, Keys: k("=", "alt+i", "equal"), Help: "same path in other pane", Group: group},
		{Action: ActSwap, Scope: Panes, Keys: k("ctrl+u"), Help: "swap the panes", Group: group},
	}
}

func paneMarks() []Binding {
	const group = "MARK"
	return []Binding{
		{Action: ActMark, Scope: Panes, Keys: k("space", "insert", "ctrl+t"), Short: "Mark", Help: "mark and go down", Group: group},
		{Action: ActMarkUp, Scope: Panes, Keys: k("shift+up"), Help: "mark and go up", Group: group},
		{Action: ActMarkDown, Scope: Panes, Keys: k("shift+down"), Help: "mark and go down", Group: group},
		{Action: ActMarkPattern, Scope: Panes, Keys: k("+", "plus"), Help: "mark by a pattern", Group: group},
		{Action: ActDropPattern, Scope: Panes, Keys: k("-", "minus"), Help: "unmark by a pattern", Group: group},
		{Action: ActInvert, Scope: Panes, Keys: k("*", "mul"), Help: "mark what is not marked", Group: group},
		{Action: ActMarkAll, Scope: Panes, Keys: k("A", "ctrl+a"), Help: "mark all", Group: group},
		{Action: ActMarkNone, Scope: Panes, Keys: k("u"), Help: "mark none", Group: group},
	}
}

func paneViews() []Binding {
	const view, transfer, program = "VIEW", "TRANSFER", "PROGRAM"
	return []Binding{
		{Action: ActFilter, Scope: Panes, Keys: k("/", "div"), Short: "Filter", Help: "filter names; Esc: all", Group: view},
		{Action: ActHidden, Scope: Panes, Keys: k(".", "alt+."), Help: "show or hide dot files", Group: view},
		{Action: ActSortName, Scope: Panes, Keys: k("s n", "ctrl+f3"), Short: "Name", Help: "sort by name", Group: view},
		{Action: ActSortExt, Scope: Panes, Keys: k("s e", "ctrl+f4"), Short: "Extension", Help: "sort by extension", Group: view},
		{Action: ActSortTime, Scope: Panes, Keys: k("s t", "ctrl+f5"), Short: "Time", Help: "sort by time, new first", Group: view},
		{Action: ActSortSize, Scope: Panes, Keys: k("s s", "ctrl+f6"), Short: "Size", Help: "sort by size, big first", Group: view},
		{Action: ActSortReverse, Scope: Panes, Keys: k("s r"), Short: "Reverse", Help: "turn the order round", Group: view},
		{Action: ActReload, Scope: Panes, Keys: k("ctrl+r"), Short: "Reload", Help: "read the directory again", Group: view},

		{Action: ActQueue, Scope: Panes, Keys: k("w"), Short: "Queue", Help: "the queue", Group: transfer, Hint: 1},
		{Action: ActAnswer, Scope: Panes, Keys: k("a"), Help: "answer open questions", Group: transfer},
		{Action: ActPauseAll, Scope: Panes, Keys: k("p"), Help: "pause all, or go on", Group: transfer},
		{Action: ActLog, Scope: Panes, Keys: k("@", "ctrl+o"), Short: "Log", Help: "the connection log", Group: transfer},

		{Action: ActHelp, Scope: Panes, Keys: f("1", "?"), Short: "Help", HintShort: "keys", Help: "this list of keys", Group: program, Footer: 1, Hint: 2},
		{Action: ActConnect, Scope: Panes, Keys: f("2"), Short: "Connect", Help: "connect to a server", Group: program, Footer: 2},
		{Action: ActQuit, Scope: Panes, Keys: f("0", "q"), Short: "Quit", Help: "quit (asks if busy)", Group: program, Footer: 10},
		{Action: ActCancel, Scope: Panes, Keys: k("esc", "alt+esc"), Help: "stop, clear the filter", Group: program},
		{Action: ActInterrupt, Scope: Panes, Keys: k("ctrl+c"), Help: "like Esc; twice: quit", Group: program},
		{Action: ActRedraw, Scope: Panes, Keys: k("ctrl+l"), Help: "draw the screen anew", Group: program},
		{Action: ActSuspend, Scope: Panes, Keys: k("ctrl+z"), Help: "to the shell; fg returns", Group: program},
	}
}

// movement returns the keys that go up and down in a full screen.
func movement(scope Scope) []Binding {
	const group = "MOVE"
	return []Binding{
		{Action: ActUp, Scope: scope, Keys: k("up"), Help: "one up", Group: group},
		{Action: ActDown, Scope: scope, Keys: k("down"), Help: "one down", Group: group},
		{Action: ActPageUp, Scope: scope, Keys: k("pgup"), Help: "a page up", Group: group},
		{Action: ActPageDown, Scope: scope, Keys: k("pgdown"), Help: "a page down", Group: group},
		{Action: ActTop, Scope: scope, Keys: k("home", "g g"), Help: "to the top", Group: group},
		{Action: ActBottom, Scope: scope, Keys: k("end", "G"), Help: "to the bottom", Group: group},
	}
}

// leaving returns the keys that every full screen has.
func leaving(scope Scope, back []string) []Binding {
	const group = "PROGRAM"
	return []Binding{
		{Action: ActClose, Scope: scope, Keys: append(back, "esc", "alt+esc", "q"), Short: "Panes", Help: "back to the panes", Group: group, Hint: 1},
		{Action: ActHelp, Scope: scope, Keys: k("?", "1", "f1", "alt+1"), Short: "Keys", Help: "the list of keys", Group: group, Hint: 2},
		{Action: ActInterrupt, Scope: scope, Keys: k("ctrl+c"), Help: "like Esc; twice: quit", Group: group},
		{Action: ActQuit, Scope: scope, Keys: k("0", "f10", "alt+0"), Help: "quit (asks if busy)", Group: group},
		{Action: ActRedraw, Scope: scope, Keys: k("ctrl+l"), Help: "draw the screen anew", Group: group},
		{Action: ActSuspend, Scope: scope, Keys: k("ctrl+z"), Help: "to the shell; fg returns", Group: group},
	}
}

func queueKeys() []Binding {
	const group = "TRANSFER"
	own := []Binding{
		{Action: ActPauseJob, Scope: Queue, Keys: k("space"), Short: "pause", Help: "pause this one, or go on", Group: group, Footer: 1},
		{Action: ActRetryJob, Scope: Queue, Keys: k("r"), Short: "retry", Help: "try this one again", Group: group, Footer: 2},
		{Action: ActRetryAll, Scope: Queue, Keys: k("R"), Short: "retry all failed", Help: "try all failed again", Group: group, Footer: 3},
		{Action: ActCancelJob, Scope: Queue, Keys: k("x"), Short: "cancel", Help: "cancel this one", Group: group, Footer: 4, Harm: true},
		{Action: ActJobUp, Scope: Queue, Keys: k("K", "alt+up"), Short: "earlier", Help: "earlier in the line", Group: group, Footer: 5},
		{Action: ActJobDown, Scope: Queue, Keys: k("J", "alt+down"), Short: "later", Help: "later in the line", Group: group, Footer: 6},
		{Action: ActJobTop, Scope: Queue, Keys: k("t"), Short: "first", Help: "to the top of the line", Group: group},
		{Action: ActJobBottom, Scope: Queue, Keys: k("b"), Short: "last", Help: "to the end of the line", Group: group},
		{Action: ActRunNow, Scope: Queue, Keys: k("n"), Short: "run now", Help: "this one next", Group: group},
		{Action: ActRaise, Scope: Queue, Keys: k(">"), Short: "raise", Help: "a higher priority", Group: group},
		{Action: ActLower, Scope: Queue, Keys: k("<"), Short: "lower", Help: "a lower priority", Group: group},
		{Action: ActAnswer, Scope: Queue, Keys: k("a", "enter"), Short: "answer", Help: "answer the question", Group: group, Footer: 7},
		{Action: ActPauseAll, Scope: Queue, Keys: k("p"), Short: "pause all", Help: "pause all, or go on", Group: group, Footer: 8},
		{Action: ActClear, Scope: Queue, Keys: k("c"), Short: "clear done", Help: "forget what is finished", Group: group, Footer: 9},
		{Action: ActLimit, Scope: Queue, Keys: k("l"), Short: "limit", Help: "limit bytes a second", Group: group, Footer: 10},
		{Action: ActMoreConns, Scope: Queue, Keys: k("+", "plus"), Short: "more", Help: "one connection more", Group: group},
		{Action: ActLessConns, Scope: Queue, Keys: k("-", "minus"), Short: "fewer", Help: "one connection fewer", Group: group},
		{Action: ActLog, Scope: Queue, Keys: k("@", "ctrl+o"), Short: "Log", Help: "the connection log", Group: group},
	}
	return slices.Concat(own, movement(Queue), leaving(Queue, k("w")))
}

func logKeys() []Binding {
	const group = "LOG"
	own := []Binding{
		{Action: ActFilter, Scope: Log, Keys: k("/", "div"), Short: "filter", Help: "show only matching lines", Group: group, Footer: 1},
		{Action: ActFollow, Scope: Log, Keys: k("f"), Short: "follow", Help: "follow the newest line", Group: group, Footer: 2},
		{Action: ActNextError, Scope: Log, Keys: k("n"), Short: "next error", Help: "to the next error", Group: group, Footer: 3},
		{Action: ActQueue, Scope: Log, Keys: k("w"), Short: "Queue", Help: "the queue", Group: group},
	}
	return slices.Concat(own, movement(Log), leaving(Log, k("@", "ctrl+o")))
}
