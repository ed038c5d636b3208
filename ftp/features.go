package ftp

import (
	"context"
	"strings"
)

// Features is what a server said in answer to FEAT. They are hints: a server
// may refuse what it announced and do what it did not.
type Features struct {
	known bool
	args  map[string]string
}

// Has reports whether the server announced name, in any case.
func (f Features) Has(name string) bool {
	_, ok := f.args[strings.ToUpper(name)]
	return ok
}

// Args returns what the server said behind name.
func (f Features) Args(name string) string { return f.args[strings.ToUpper(name)] }

// Known reports whether the server answered FEAT at all.
func (f Features) Known() bool { return f.known }

// learnFeatures asks for the features. None are no error.
func (c *Conn) learnFeatures(ctx context.Context) error {
	r, err := c.cmd(ctx, "FEAT", "", 2)
	if fatal(err) {
		return err
	}
	if err == nil {
		c.features = parseFeatures(r)
	}
	return nil
}

// parseFeatures reads the lines between the first and the last, and is not
// strict about their form.
func parseFeatures(r reply) Features {
	f := Features{known: true, args: make(map[string]string)}
	for i, line := range r.text() {
		if i == 0 || i == len(r.lines)-1 {
			continue
		}
		name, args, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != "" && len(f.args) < maxFeatures {
			f.args[strings.ToUpper(name)] = strings.TrimSpace(args)
		}
	}
	return f
}
