package transfers

import (
	"fmt"
	"strings"

	"portside/queue"
	"portside/ui/text"
	"portside/ui/theme"
)

// detail draws in h rows a line and what there is to say of the selected job:
// who, from where to where, and what happened, the newest last.
func (v *View) detail(w, h int, th *theme.Theme) []string {
	lines := append(make([]string, 0, h), th.Line(w))
	if r, ok := v.Selected(); ok {
		lines = append(lines, styled(th, "", who(r, w), w), styled(th, th.Faint, " "+route(r, w-1), w))
		lines = append(lines, past(r, w, h-len(lines), th)...)
	}
	for len(lines) < h {
		lines = append(lines, newLine(th, w).String())
	}
	return lines
}

func who(r queue.Row, w int) string {
	who := " " + text.Middle(name(r), w/2)
	if r.Attempt > 1 {
		who += fmt.Sprintf("   attempt %d", r.Attempt)
	}
	if p := r.Priority; p != "" && p != queue.PriorityNormal {
		who += "   priority " + string(p)
	}
	return who
}

// past draws in at most h rows the attempts that failed, and what a job wants
// now.
func past(r queue.Row, w, h int, th *theme.Theme) []string {
	var rows []string
	for _, t := range r.Tries {
		rows = append(rows, styled(th, th.Bad, " "+try(t), w))
	}
	if style, what := happened(r, th); what != "" && (r.Failure == nil || r.State == queue.Asking || len(r.Tries) == 0) {
		rows = append(rows, styled(th, style, " "+what, w))
	}
	return rows[max(len(rows)-h, 0):]
}

// try says when an attempt failed, and what the server said to what.
func try(t queue.Try) string {
	words := strings.ReplaceAll(t.Text, "\n", " ")
	if t.Command != "" {
		words = t.Command + " -> " + strings.TrimPrefix(words, "the server said ")
	}
	return t.At.Format("15:04:05 ") + words
}

func styled(th *theme.Theme, style, s string, w int) string {
	return th.Paint(style, text.Fit(s, w))
}

// route says from where to where a job goes.
func route(r queue.Row, w int) string {
	switch r.Kind {
	case queue.Delete:
		return "delete " + text.Middle(place(r.Src), w-8)
	case queue.Chmod:
		return "permissions of " + text.Middle(place(r.Src), w-16)
	}
	half := (w - 4) / 2
	return text.Middle(place(r.Src), half) + " -> " + text.Middle(place(r.Dst), half)
}

func place(p queue.Place) string {
	if p.Address == queue.Local || p.Address == "" {
		return p.Path
	}
	return strings.TrimSuffix(withoutSettings(p.Address), "/") + p.Path
}

// withoutSettings leaves out the part of an address that is not for people.
func withoutSettings(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return before
}

func happened(r queue.Row, th *theme.Theme) (style, what string) {
	switch {
	case r.State == queue.Asking && r.Question != nil:
		return th.Warn, question(*r.Question)
	case r.Failure != nil:
		return th.Bad, strings.ReplaceAll(r.Trouble(), "\n", " ")
	default:
		return "", r.Remark()
	}
}
