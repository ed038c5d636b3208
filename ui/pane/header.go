package pane

import (
	"strings"

	"portside/ui/text"
	"portside/ui/theme"
)

// Header is what stands above a pane.
type Header struct {
	Label    string // LOCAL, or the server's name; from outside
	Path     string // from outside
	Security string // "TLS 1.3", "PLAIN", or "" for a disk
	Page     string // "1/2" when the other pane is not on the screen
	Focus    bool
}

// Header draws the header, w cells wide. Paths lose their middle, not their
// end; what is not encrypted says so in words.
func (p *Pane) Header(h Header, w int, th *theme.Theme) string {
	open := th.HeaderOther
	if h.Focus {
		open = th.Header
	}
	right := p.SortLabel()
	if w < 36 {
		right = ""
	}
	if h.Page != "" {
		right = strings.TrimLeft(right+" "+h.Page, " ")
	}
	security := text.Safe(h.Security)
	if w < 60 && strings.HasPrefix(security, "TLS") {
		security = "TLS"
	}
	tail := text.Width(security) + 1 + text.Width(right)
	left := text.Fit(" "+names(h, w-tail-2), max(w-tail, 0))
	if h.Security == "PLAIN" {
		security = th.Bad + security + th.Reset + open
	}
	if w <= tail {
		return open + text.Fit(left, w) + th.Reset
	}
	return open + left + security + " " + right + th.Reset
}

// names is the label and the path in at most w cells. The label gives way
// first, to no less than half.
func names(h Header, w int) string {
	label, path := text.Safe(h.Label), text.Safe(h.Path)
	if path == "" {
		return text.Middle(label, w)
	}
	room := w - text.Width(path) - 2
	label = text.Middle(label, max(room, w/2-2))
	return label + "  " + text.Middle(path, w-text.Width(label)-2)
}
