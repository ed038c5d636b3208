package cli

import (
	"bufio"
	"io"
	"strings"

	"portside/ui/connect"
)

// maxPassword bounds what is read of a password.
const maxPassword = 4096

// targets reads the URLs of the command line and finds their passwords. What
// comes by --password-stdin or PORTSIDE_PASSWORD belongs to the one server
// (scheme, host, port, user) that they name, and to nothing else.
func (a *app) targets(urls ...string) ([]connect.Target, error) {
	settings, err := a.flags.settings()
	if err != nil {
		return nil, err
	}
	machines := &netrc{app: a}
	var targets []connect.Target
	servers := map[string]bool{}
	for _, u := range urls {
		t, err := a.target(u, settings, machines)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
		servers[t.Address] = true
	}
	given, err := a.givenPassword(len(servers))
	if err != nil {
		return nil, err
	}
	for i := range targets {
		t := &targets[i]
		switch {
		case t.User == "" && a.flags.passwordStdin:
			return nil, usage("", "--password-stdin needs a user: ftp://NAME@%s/ or --user NAME", t.Host)
		case t.User == "":
		case a.flags.passwordStdin, given != "" && !t.HasPass:
			t.Password, t.HasPass = given, true
		case !t.HasPass:
			if e, ok := machines.find(t.Host, t.User); ok && e.password != "" {
				t.Password, t.HasPass = e.password, true
			}
		}
	}
	return targets, nil
}

// target reads one URL; a URL without a user takes the one of .netrc.
func (a *app) target(raw string, s connect.Settings, machines *netrc) (connect.Target, error) {
	if !connect.IsURL(raw) {
		return connect.Target{}, usage("", "%q is not a URL: write it as ftp://HOST/PATH, ftpes:// or ftps://", shown(raw))
	}
	t, err := connect.Parse(raw, s)
	if err != nil {
		return t, usage("", "%v", err)
	}
	if t.HasPass && !a.warned {
		a.warned = true
		a.warn("a password in a URL can be read by everyone on this machine and stays in the shell's history: PORTSIDE_PASSWORD or --password-stdin keep it private")
	}
	if t.User == "" {
		if e, ok := machines.find(t.Host, ""); ok && e.login != "" {
			s.User = e.login
			if t, err = connect.Parse(raw, s); err != nil {
				return t, usage("", "%v", err)
			}
		}
	}
	return t, nil
}

// givenPassword returns the password that came beside the command line.
func (a *app) givenPassword(servers int) (string, error) {
	if a.flags.passwordStdin {
		if servers > 1 {
			return "", usage("run portside once for each server", "--password-stdin gives one password, but the URLs name %d servers", servers)
		}
		line, err := bufio.NewReader(io.LimitReader(a.env.Stdin, maxPassword)).ReadString('\n')
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			if err != nil && err != io.EOF {
				return "", usage("", "--password-stdin: cannot read standard input: %v", err)
			}
			return "", usage("", "--password-stdin: standard input holds no password")
		}
		return line, nil
	}
	env := a.env.Environ("PORTSIDE_PASSWORD")
	if env != "" && servers > 1 {
		a.warn("PORTSIDE_PASSWORD is not used: the URLs name %d servers, and a password belongs to one", servers)
		return "", nil
	}
	return env, nil
}

// netrc reads the user's .netrc when it is first needed.
type netrc struct {
	app     *app
	read    bool
	entries []netrcEntry
}

func (n *netrc) find(host, user string) (netrcEntry, bool) {
	if !n.read {
		n.read = true
		entries, err := n.app.readNetrc()
		if err != nil {
			n.app.warn("%v", err)
		}
		n.entries = entries
	}
	return findNetrc(n.entries, host, user)
}
