package ftp

import (
	"context"
	"strings"
)

// Features is what a server said in answer to FEAT (RFC 2389). They are hints:
// a server may refuse what it announced and do what it did not.
type Features struct {
	known bool
	args  map[string]string
}

// Has reports whether the server announced name, in any case. Of features that
// are commands of a family, as in "SITE UTIME" and "MODE Z", the name is both
// words.
func (f Features) Has(name string) bool {
	_, ok := f.args[strings.ToUpper(name)]
	return ok
}

// Args returns what the server said behind name.
func (f Features) Args(name string) string { return f.args[strings.ToUpper(name)] }

// Known reports whether the server answered FEAT at all.
func (f Features) Known() bool { return f.known }

// telling reports whether the features hold for the session. Some servers tell
// strangers little before the login.
func (f Features) telling() bool { return f.Has("SIZE") || f.Has("MDTM") || f.Has("MLST") }

// may reports whether the server may have a command: it announced it, or
// announced nothing.
func (f Features) may(name string) bool { return len(f.args) == 0 || f.Has(name) }

// learnFeatures asks for the features. None are no error.
func (c *Conn) learnFeatures(ctx context.Context) error {
	r, err := c.cmd(ctx, "FEAT", "", 2)
	if fatal(err) {
		return err
	}
	c.takeFeatures(r, err)
	return nil
}

// takeFeatures takes the answer to FEAT.
func (c *Conn) takeFeatures(r reply, refused error) {
	delete(c.absent, "FEAT") // what is unknown before the login may be known after it
	if refused == nil {
		c.features = parseFeatures(r)
		c.know.learnFeatures(c.asWhom(), c.features)
	}
}

// parseFeatures reads the lines between the first and the last, and is not
// strict about their form: the case of names, what stands in front of them and
// how the members of a family are told apart differ.
func parseFeatures(r reply) Features {
	f := Features{known: true, args: make(map[string]string)}
	for i, line := range r.text() {
		if i == 0 || i == len(r.lines)-1 {
			continue
		}
		name, args, _ := strings.Cut(strings.TrimLeft(line, " \t*-"), " ")
		name, args = strings.ToUpper(strings.TrimRight(name, ";,:")), strings.TrimSpace(args)
		f.add(name, args)
		if name == "SITE" || name == "MODE" || name == "AUTH" {
			for member := range strings.FieldsFuncSeq(args, func(r rune) bool { return r == ' ' || r == ';' || r == ',' }) {
				f.add(name+" "+strings.ToUpper(member), "")
			}
		}
	}
	return f
}

// add takes one feature, while there is room.
func (f Features) add(name, args string) {
	if name != "" && len(f.args) < maxFeatures {
		f.args[name] = args
	}
}
