package ftptest

import (
	"fmt"
	"strings"
	"time"
)

// Mark stands in every sequence for terminals that HostileTree and
// HostileText hold: where it is found behind an escape, one of them came through.
const Mark = "7777"

// hostileText is what a terminal must not be told. Every sequence holds Mark.
var hostileText = []string{
	"\x1b]0;" + Mark + "\a", "\x1b]52;c;" + Mark + "\a", "\x1b]8;;http://" + Mark + "\x1b\\x", "\x1b[" + Mark + "m", "\x1b[" + Mark + ";1H", "\x1b[?" + Mark + "h",
	"\x1b[" + Mark + "n", "\x9b" + Mark + "m", "\u009b" + Mark + "m", "\u009d0;" + Mark + "\u009c", "\x1bP" + Mark + "q\x1b\\", "\x1b_" + Mark + "\x1b\\", "\x1b^" + Mark + "\x1b\\", "\x1bX" + Mark + "\x1b\\",
	Mark + "\u202egnp.exe", Mark + "\u2066left\u2069", Mark + "zero\u200bwidth\u200d\ufeff", Mark + "\u2028line\u2029", Mark + "\xff\xfe\xc0\xaf", Mark + "\xed\xa0\x80",
	"e" + strings.Repeat("\u0301", 60), "👩\u200d👩\u200d👧\u200d👦 family", "🇩🇪🇫 flags", "日本語の長い名前", "שלום עולם", "العربية", "ｆｕｌｌ", "a\u0308\u0323", "\u200f" + Mark,
	"%s%n%d", "~", "-rf", " leading", "trailing ", "  ", "*", "$(reboot)", "`reboot`", "a;reboot", "aux", "con.txt", `back\slash`, "quo\"te", "226 Done", "NUL.",
}

// HostileTree returns a tree whose /hostile holds names that do harm to those
// who print them: every control byte, escape sequences, bidi overrides, broken
// UTF-8, names of 4 KiB, and links that lead round in circles. Rows of a listing
// cannot hold all of them, so some rows are broken too.
func HostileTree() *Tree {
	t := NewTree()
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for _, name := range hostileText {
		t.WriteFile("/hostile/"+strings.ReplaceAll(name, "/", "|"), []byte(name), at)
	}
	for b := 1; b < 256; b++ {
		if b != '/' && (b < ' ' || b >= 0x7f) {
			t.WriteFile("/hostile/c"+fmt.Sprint(b)+"<"+string([]byte{byte(b)})+"7777>", []byte{byte(b)}, at)
		}
	}
	t.WriteFile("/hostile/"+strings.Repeat("long", 1024), nil, at)
	t.WriteFile("/hostile/"+strings.Repeat("長", 1365), nil, at)
	t.Mkdir("/hostile/\x1b[7777Jdirectory")
	for i := range 10 {
		t.Link(fmt.Sprintf("/hostile/loop%d", i), "..")
	}
	t.Link("/hostile/to\x1b[7777m", "\x1b]0;"+Mark+"\a")
	return t
}

// HostileText is all of it in one line, for greetings and replies.
func HostileText() string {
	return strings.Join(hostileText, " ")
}
