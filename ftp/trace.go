package ftp

import (
	"fmt"
	"strings"
)

// Trace receives the conversation with a server, line by line, as it happens.
type Trace struct {
	// Line is called with '>' for a command, '<' for a line of a reply, '!' for
	// a line of a refusal and '*' for what we did or saw beside them. The text
	// is as it came from the server, but never holds the password.
	Line func(dir byte, text string)
}

// hidden stands in the place of a secret.
const hidden = "••••"

// note traces what we did.
func (c *Conn) note(format string, args ...any) {
	if c.tracing() {
		c.cfg.Trace.Line('*', fmt.Sprintf(format, args...))
	}
}

// traceCommand traces a command, without what is secret in it.
func (c *Conn) traceCommand(verb, arg string) {
	if !c.tracing() {
		return
	}
	switch {
	case verb == "PASS" || verb == "ACCT":
		arg = " " + hidden
	case arg != "":
		arg = " " + c.mask(arg)
	}
	c.cfg.Trace.Line('>', verb+arg)
}

// traceReply traces the lines of a reply.
func (c *Conn) traceReply(r reply) {
	if !c.tracing() {
		return
	}
	dir := byte('<')
	if r.class() >= 4 {
		dir = '!'
	}
	for _, line := range r.lines {
		c.cfg.Trace.Line(dir, c.mask(c.names.text(line)))
	}
}

func (c *Conn) tracing() bool { return c.cfg.Trace != nil && c.cfg.Trace.Line != nil }

// mask hides passwords in text from the server, which may echo them. A password
// that is also the user's name is no secret that could be kept.
func (c *Conn) mask(text string) string {
	text = hide(text, c.cfg.User, c.cfg.Password)
	text = hide(text, c.cfg.User, c.cfg.Account)
	if c.cfg.gateway() {
		user, password := userOf(c.cfg.Proxy)
		text = hide(text, user, password)
	}
	return text
}

// hide returns text without the password of user.
func hide(text, user, secret string) string {
	if len(secret) < maskableBytes || secret == user || secret == anonymousPassword {
		return text
	}
	return strings.ReplaceAll(text, secret, hidden)
}
