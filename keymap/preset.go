package keymap

import "slices"

// Default returns the preset that portside starts with. The digits are the
// F-keys, because something on the way to the program takes almost every
// F-key somewhere; Esc and a digit, typed fast, arrives as Alt and the digit.
func Default() *Map {
	return New(slices.Concat(
		paneMoves(), paneGoes(), paneViews(), paneFiles(), paneMarks(), paneTransfers(), paneProgram(),
		queueKeys(), logKeys(), viewKeys(), foundKeys(),
	))
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

// movement returns the keys that go up and down in a full screen.
func movement(scope Scope) []Binding {
	const group = "MOVE"
	const one, page, ends = "one up, down", "a page up, down", "to the top, the bottom"
	return []Binding{
		{Action: ActUp, Scope: scope, Keys: k("up"), Help: "one up", Line: one, Group: group},
		{Action: ActDown, Scope: scope, Keys: k("down"), Help: "one down", Line: one, Group: group},
		{Action: ActPageUp, Scope: scope, Keys: k("pgup"), Help: "a page up", Line: page, Group: group},
		{Action: ActPageDown, Scope: scope, Keys: k("pgdown"), Help: "a page down", Line: page, Group: group},
		{Action: ActTop, Scope: scope, Keys: k("home", "g g"), Help: "to the top", Line: ends, Group: group},
		{Action: ActBottom, Scope: scope, Keys: k("end", "G"), Help: "to the bottom", Line: ends, Group: group},
	}
}

// program returns the keys that every screen has.
func program(scope Scope) []Binding {
	const group = "PROGRAM"
	return []Binding{
		{Action: ActPalette, Scope: scope, Keys: f("9", ":"), Short: "Menu", Help: "menu of all commands", Group: group},
		{Action: ActInterrupt, Scope: scope, Keys: k("ctrl+c"), Help: "like Esc; twice: quit", Group: group},
		{Action: ActQuit, Scope: scope, Keys: f("0"), Short: "Quit", Help: "quit (asks if busy)", Group: group},
		{Action: ActSettings, Scope: scope, Help: "problems in the settings", Group: group},
		{Action: ActRedraw, Scope: scope, Keys: k("ctrl+l"), Help: "draw the screen anew", Group: group},
		{Action: ActSuspend, Scope: scope, Keys: k("ctrl+z"), Help: "to the shell; fg returns", Group: group},
	}
}

// leaving returns the keys that every full screen has.
func leaving(scope Scope, back []string) []Binding {
	const group = "PROGRAM"
	own := []Binding{
		{Action: ActClose, Scope: scope, Keys: append(back, "esc", "alt+esc", "q"), Short: "Panes", Help: "back to the panes", Group: group, Hint: 1},
		{Action: ActHelp, Scope: scope, Keys: k("?", "1", "f1", "alt+1"), Short: "Keys", Help: "the list of keys", Group: group, Hint: 2},
	}
	return append(own, program(scope)...)
}

func queueKeys() []Binding {
	const group = "TRANSFER"
	const order, ends = "earlier, later in line", "first, last in the line"
	const level, number = "a higher, lower priority", "more, fewer connections"
	own := []Binding{
		{Action: ActOpen, Scope: Queue, Keys: k("enter"), Short: "open", Help: "answer; unfold the done", Group: group},
		{Action: ActPauseJob, Scope: Queue, Keys: k("space"), Short: "pause", Help: "pause this one, or go on", Group: group, Footer: 1},
		{Action: ActRetryJob, Scope: Queue, Keys: k("r"), Short: "retry", Help: "try this one again", Group: group, Footer: 2},
		{Action: ActRetryAll, Scope: Queue, Keys: k("R"), Short: "retry all failed", Help: "try all failed again", Group: group, Footer: 3},
		{Action: ActCancelJob, Scope: Queue, Keys: k("x"), Short: "cancel", Help: "cancel this one", Group: group, Footer: 4, Harm: true},
		{Action: ActJobUp, Scope: Queue, Keys: k("K", "alt+up"), Short: "earlier", Help: "earlier in the line", Line: order, Group: group, Footer: 5},
		{Action: ActJobDown, Scope: Queue, Keys: k("J", "alt+down"), Short: "later", Help: "later in the line", Line: order, Group: group, Footer: 6},
		{Action: ActJobTop, Scope: Queue, Keys: k("t"), Short: "first", Help: "to the top of the line", Line: ends, Group: group},
		{Action: ActJobBottom, Scope: Queue, Keys: k("b"), Short: "last", Help: "to the end of the line", Line: ends, Group: group},
		{Action: ActRunNow, Scope: Queue, Keys: k("n"), Short: "run now", Help: "this one next", Group: group},
		{Action: ActRaise, Scope: Queue, Keys: k(">"), Short: "raise", Help: "a higher priority", Line: level, Group: group},
		{Action: ActLower, Scope: Queue, Keys: k("<"), Short: "lower", Help: "a lower priority", Line: level, Group: group},
		{Action: ActAnswer, Scope: Queue, Keys: k("a"), Short: "answer", Help: "answer the question", Group: group, Footer: 7},
		{Action: ActPauseAll, Scope: Queue, Keys: k("p"), Short: "pause all", Help: "pause all, or go on", Group: group, Footer: 8},
		{Action: ActClear, Scope: Queue, Keys: k("c"), Short: "clear done", Help: "forget what is finished", Group: group, Footer: 9},
		{Action: ActLimit, Scope: Queue, Keys: k("l"), Short: "limit", Help: "limit bytes a second", Group: group, Footer: 10},
		{Action: ActMoreConns, Scope: Queue, Keys: k("+", "plus"), Short: "more", Help: "one connection more", Line: number, Group: group},
		{Action: ActLessConns, Scope: Queue, Keys: k("-", "minus"), Short: "fewer", Help: "one connection fewer", Line: number, Group: group},
		{Action: ActLog, Scope: Queue, Keys: k("@", "ctrl+o"), Short: "Log", Help: "the connection log", Group: group},
	}
	return slices.Concat(own, movement(Queue), leaving(Queue, k("w")))
}

func logKeys() []Binding {
	const group = "LOG"
	own := []Binding{
		{Action: ActFilter, Scope: Log, Keys: k("/", "div"), Short: "filter", Help: "show only matching lines", Group: group, Footer: 1},
		{Action: ActConnFilter, Scope: Log, Keys: k("c"), Short: "connection", Help: "show one connection", Group: group, Footer: 2},
		{Action: ActFollow, Scope: Log, Keys: k("f"), Short: "follow", Help: "follow the newest line", Group: group, Footer: 3},
		{Action: ActNextError, Scope: Log, Keys: k("n"), Short: "next error", Help: "to the next error", Group: group, Footer: 4},
		{Action: ActCopyLine, Scope: Log, Keys: k("y"), Short: "copy", Help: "copy the line", Group: group, Footer: 5},
		{Action: ActSaveLog, Scope: Log, Keys: k("s"), Short: "save", Help: "save the log to a file", Group: group, Footer: 6},
		{Action: ActQueue, Scope: Log, Keys: k("w"), Short: "Queue", Help: "the queue", Group: group},
	}
	return slices.Concat(own, movement(Log), leaving(Log, k("@", "ctrl+o")))
}

func viewKeys() []Binding {
	const group = "VIEW"
	const sideways, again = "to the left, the right", "the next, the one before"
	own := []Binding{
		{Action: ActHex, Scope: View, Keys: k("h"), Short: "hex", Help: "text or hexadecimal", Group: group, Footer: 1},
		{Action: ActWrap, Scope: View, Keys: k("w"), Short: "wrap", Help: "wrap long lines, or cut", Group: group, Footer: 2},
		{Action: ActFind, Scope: View, Keys: k("/", "div"), Short: "search", Help: "search", Group: group, Footer: 3},
		{Action: ActNext, Scope: View, Keys: k("n"), Short: "next", Help: "the next match", Line: again, Group: group, Footer: 4},
		{Action: ActBefore, Scope: View, Keys: k("N"), Short: "before", Help: "the match before", Line: again, Group: group, Footer: 5},
		{Action: ActCopyText, Scope: View, Keys: k("y"), Short: "copy", Help: "copy what is shown", Group: group, Footer: 6},
		{Action: ActShiftLeft, Scope: View, Keys: k("left"), Help: "to the left", Line: sideways, Group: group},
		{Action: ActShiftRight, Scope: View, Keys: k("right"), Help: "to the right", Line: sideways, Group: group},
	}
	return slices.Concat(own, movement(View), leaving(View, f("3")))
}

func foundKeys() []Binding {
	const group = "SEARCH"
	own := []Binding{
		{Action: ActOpen, Scope: Found, Keys: k("enter"), Short: "go there", Help: "go to where it is", Group: group, Footer: 1},
	}
	all := slices.Concat(own, movement(Found), leaving(Found, nil))
	for i := range all {
		if all[i].Action == ActInterrupt {
			all[i].Short, all[i].Help, all[i].Footer = "stop", "stop the search", 2
		}
	}
	return all
}
