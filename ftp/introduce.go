package ftp

import (
	"context"
	"net/netip"
	"regexp"
	"strings"
)

// clientName is what CLNT says of us. Versions are nobody's business.
const clientName = "portside"

// recognize draws on what is known of the software that a greeting names.
func (c *Conn) recognize(greeting string) {
	c.patience = patienceOf(greeting)
	if literal(greeting) {
		c.know.learn(func(p *Profile) { p.Telnet = Fails })
	}
	if losesCommands(greeting) {
		c.know.learn(loseCommands)
	}
	switch {
	case strings.Contains(greeting, "Pure-FTPd"): // it answers ABOR once or not at all
		c.know.learn(func(p *Profile) { p.Abort = Fails })
	case strings.Contains(greeting, "ProFTPD"): // it takes ten seconds to unpack a MiB, and breaks off some
		c.know.learn(func(p *Profile) { p.CompressUp = Fails })
	}
}

// losesCommands reports whether a greeting is that of a server which loses
// commands that reach it together.
func losesCommands(greeting string) bool {
	for _, name := range []string{"Microsoft FTP Service", "MadGoat", "MikroTik"} {
		if strings.Contains(greeting, name) {
			return true
		}
	}
	return false
}

// literal reports whether a greeting is that of a server which takes each byte
// of a command as it is, though the control connection is a telnet stream: a
// doubled 0xFF would be another name there.
func literal(greeting string) bool {
	for _, name := range []string{"vsFTPd", "Pure-FTPd", "pyftpdlib"} {
		if strings.Contains(greeting, name) {
			return true
		}
	}
	return false
}

// takesLiterally reports whether the server takes arg as it is.
func (c *Conn) takesLiterally(arg string) bool {
	return strings.IndexByte(arg, iac) >= 0 && c.know.Profile().Telnet == Fails
}

// nameHost tells a server that serves several names which of them is meant
// (HOST, RFC 7151). That has to come before the login, so the features have to
// be asked for before it too; a server that did not offer HOST is not asked
// again.
func (c *Conn) nameHost(ctx context.Context) error {
	name := strings.TrimSuffix(c.cfg.Host, ".")
	if !isHostName(name) || c.cfg.gateway() || c.know.Profile().Host == Fails {
		return nil
	}
	if err := c.learnFeatures(ctx); err != nil {
		return err
	}
	outcome := Fails
	if c.features.Has("HOST") {
		_, err := c.cmd(ctx, "HOST", name, 2)
		if fatal(err) {
			return err
		}
		if err == nil {
			outcome = Works
		}
	}
	c.know.learn(func(p *Profile) { p.Host = outcome })
	return nil
}

// hostName matches a name that DNS could hold.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// isHostName reports whether s names a host, and is no address.
func isHostName(s string) bool {
	_, err := netip.ParseAddr(s)
	return err != nil && hostName.MatchString(s)
}

// introduction says what we are and how names are written, where the server
// wants to hear it.
func (c *Conn) introduction() []command {
	var cmds []command
	if c.features.Has("CLNT") {
		cmds = append(cmds, command{"CLNT", clientName})
	}
	if c.names == nil && c.features.Has("UTF8") {
		cmds = append(cmds, command{"OPTS", "UTF8 ON"})
	}
	return cmds
}
