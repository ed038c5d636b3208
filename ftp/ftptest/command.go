package ftptest

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

// verb is one command: what it does, and whether it needs a login.
type verb struct {
	login bool
	do    func(s *session, arg string) error
}

// commands is the table of all verbs. Nothing changes it.
var commands = map[string]verb{
	"USER": {false, (*session).userCmd},
	"PASS": {false, (*session).passCmd},
	"AUTH": {false, (*session).authCmd},
	"PBSZ": {false, (*session).pbszCmd},
	"PROT": {false, (*session).protCmd},
	"FEAT": {false, (*session).featCmd},
	"OPTS": {false, (*session).optsCmd},
	"SYST": {false, say("215 UNIX Type: L8")},
	"NOOP": {false, say("200 OK.")},
	"CLNT": {false, say("200 Noted.")},
	"HOST": {false, say("220 Noted.")},
	"HELP": {false, say("214 No help here.")},
	"ALLO": {true, say("202 No storage allocation necessary.")},
	"ABOR": {true, say("226 Nothing to abort.")},
	"QUIT": {false, func(s *session, _ string) error { return s.last("221 Goodbye.\r\n") }},
	"TYPE": {true, (*session).typeCmd},
	"MODE": {true, (*session).modeCmd},
	"STRU": {true, only("F")},
	"PWD":  {true, func(s *session, _ string) error { return s.reply("257 " + quote(s.cwd) + " is the current directory.") }},
	"CWD":  {true, (*session).cwdCmd},
	"CDUP": {true, func(s *session, _ string) error { return s.cwdCmd("..") }},
	"MKD":  {true, (*session).mkdCmd},
	"RMD":  {true, func(s *session, arg string) error { return s.did(s.tree().remove(s.path(arg), true), "250 Removed.") }},
	"DELE": {true, func(s *session, arg string) error { return s.did(s.tree().remove(s.path(arg), false), "250 Deleted.") }},
	"RNFR": {true, (*session).rnfrCmd},
	"RNTO": {true, (*session).rntoCmd},
	"SIZE": {true, (*session).sizeCmd},
	"MDTM": {true, (*session).mdtmCmd},
	"MFMT": {true, (*session).mfmtCmd},
	"MFF":  {true, (*session).mffCmd},
	"SITE": {true, (*session).siteCmd},
	"REST": {true, (*session).restCmd},
	"EPSV": {true, (*session).epsvCmd},
	"PASV": {true, (*session).pasvCmd},
	"EPRT": {true, (*session).eprtCmd},
	"PORT": {true, (*session).portCmd},
	"MLST": {true, (*session).mlstCmd},
	"MLSD": {true, func(s *session, arg string) error { return s.listing("MLSD", arg) }},
	"LIST": {true, func(s *session, arg string) error { return s.listing("LIST", arg) }},
	"NLST": {true, func(s *session, arg string) error { return s.listing("NLST", arg) }},
	"STAT": {true, (*session).statCmd},
	"RETR": {true, (*session).retrCmd},
	"STOR": {true, func(s *session, arg string) error { return s.store("STOR", arg) }},
	"APPE": {true, func(s *session, arg string) error { return s.store("APPE", arg) }},

	"HASH":    {true, (*session).hashCmd},
	"RANG":    {true, (*session).rangCmd},
	"XCRC":    {true, sumCmd("XCRC", "CRC32")},
	"XMD5":    {true, sumCmd("XMD5", "MD5")},
	"XSHA1":   {true, sumCmd("XSHA1", "SHA-1")},
	"XSHA256": {true, sumCmd("XSHA256", "SHA-256")},
	"XSHA512": {true, sumCmd("XSHA512", "SHA-512")},
}

// say returns a command that only answers.
func say(text string) func(*session, string) error {
	return func(s *session, _ string) error { return s.reply(text) }
}

// only returns a command that takes one argument and ignores it.
func only(arg string) func(*session, string) error {
	return func(s *session, got string) error {
		if strings.EqualFold(got, arg) {
			return s.reply("200 OK.")
		}
		return s.reply("504 Not implemented for that parameter.")
	}
}

func (s *session) tree() *Tree { return s.srv.cfg.Tree }

// path makes a command's argument absolute.
func (s *session) path(arg string) string {
	if strings.HasPrefix(arg, "/") {
		return path.Clean(arg)
	}
	return path.Join(s.cwd, arg)
}

// did answers with ok or with what err says.
func (s *session) did(err error, ok string) error {
	if err != nil {
		return s.reply(reason(err))
	}
	return s.reply(ok)
}

// quote is a path in a 257 reply, as RFC 959 wants it.
func quote(p string) string { return `"` + strings.ReplaceAll(p, `"`, `""`) + `"` }

func (s *session) userCmd(arg string) error {
	s.logged, s.user = false, arg
	if s.srv.cfg.TLSRequired && !s.tls {
		return s.reply("534 Policy requires TLS.")
	}
	return s.reply("331 Password required for " + arg + ".")
}

func (s *session) passCmd(arg string) error {
	c := &s.srv.cfg
	if s.user == "" {
		return s.reply("503 Log in with USER first.")
	}
	if (s.user != c.User || arg != c.Password) && (s.user != "anonymous" || !c.AllowAnonymous) {
		s.user = ""
		return s.reply("530 Login incorrect.")
	}
	s.logged = true
	s.srv.mu.Lock()
	s.srv.logins++
	s.srv.mu.Unlock()
	return s.reply("230 Logged in.")
}

func (s *session) featCmd(string) error {
	lines := []string{"211-Features:"}
	add := func(absent bool, feature string) {
		if !absent {
			lines = append(lines, " "+feature)
		}
	}
	add(s.srv.cfg.TLS == nil, "AUTH TLS")
	add(s.srv.cfg.TLS == nil, "PBSZ")
	add(s.srv.cfg.TLS == nil, "PROT")
	add(s.q.absent("EPSV"), "EPSV")
	add(s.q.absent("EPRT") || s.q.NoActive, "EPRT")
	add(s.q.absent("MLST"), "MLST type*;size*;modify*;UNIX.mode*;UNIX.owner*;UNIX.group*;")
	add(s.q.absent("MDTM"), "MDTM")
	add(s.q.absent("MFMT"), "MFMT")
	add(s.q.absent("MFF"), "MFF modify;UNIX.mode;")
	add(s.q.NoModeZ, "MODE Z")
	add(s.q.absent("SIZE"), "SIZE")
	add(s.q.absent("REST"), "REST STREAM")
	for _, sums := range s.q.Sums.Offers {
		add(false, sums)
	}
	add(false, "TVFS")
	add(false, "UTF8")
	return s.reply(append(lines, "211 End.")...)
}

func (s *session) optsCmd(arg string) error {
	what, rest, _ := strings.Cut(strings.ToUpper(arg), " ")
	switch what {
	case "HASH":
		return s.optsHash(rest)
	case "UTF8", "MLST":
		return s.reply("200 OK.")
	}
	return s.reply("501 Option not understood.")
}

func (s *session) typeCmd(arg string) error {
	switch kind, _, _ := strings.Cut(strings.ToUpper(arg), " "); kind {
	case "I", "L":
		s.ascii = false
	case "A":
		s.ascii = true
	default:
		return s.reply("504 Type not implemented.")
	}
	return s.reply("200 Type set to " + strings.ToUpper(arg) + ".")
}

func (s *session) cwdCmd(arg string) error {
	p := s.path(arg)
	info, err := s.tree().stat(p, true)
	if err == nil && !info.IsDir() {
		return s.reply("550 Not a directory.")
	}
	if err == nil {
		s.cwd = p
	}
	return s.did(err, "250 OK.")
}

func (s *session) mkdCmd(arg string) error {
	p := s.path(arg)
	return s.did(s.tree().mkdir(p), "257 "+quote(p)+" created.")
}

func (s *session) rnfrCmd(arg string) error {
	p := s.path(arg)
	if _, err := s.tree().stat(p, false); err != nil {
		return s.reply(reason(err))
	}
	s.from = p
	return s.reply("350 Ready for RNTO.")
}

func (s *session) rntoCmd(arg string) error {
	if s.from == "" {
		return s.reply("503 RNFR first.")
	}
	from := s.from
	s.from = ""
	return s.did(s.tree().rename(from, s.path(arg), !s.q.NoReplace), "250 Renamed.")
}

func (s *session) sizeCmd(arg string) error {
	info, err := s.tree().stat(s.path(arg), true)
	switch {
	case err != nil:
		return s.reply(reason(err))
	case info.IsDir():
		return s.reply("550 Not a plain file.")
	case s.ascii:
		return s.reply("550 SIZE not allowed in ASCII mode.")
	}
	return s.reply("213 " + strconv.FormatInt(info.size+s.q.SizeShift, 10))
}

const timeLayout = "20060102150405"

// mdtmCmd tells a time, or sets it: "MDTM 20260102030405 name".
func (s *session) mdtmCmd(arg string) error {
	info, err := s.tree().stat(s.path(arg), true)
	if err == nil {
		return s.reply("213 " + info.mtime.UTC().Format(timeLayout))
	}
	if stamp, name, ok := strings.Cut(arg, " "); ok && len(stamp) == len(timeLayout) {
		if t, bad := time.Parse(timeLayout, stamp); bad == nil {
			return s.did(s.setTime(name, t), "213 Time set.")
		}
	}
	return s.reply(reason(err))
}

func (s *session) mfmtCmd(arg string) error {
	stamp, name, _ := strings.Cut(arg, " ")
	t, err := time.Parse(timeLayout, stamp)
	if err != nil {
		return s.reply("501 Bad time.")
	}
	return s.did(s.setTime(name, t), "213 Modify="+stamp+"; "+name)
}

// mffCmd sets facts: "MFF Modify=20260102030405;UNIX.mode=0640; name".
func (s *session) mffCmd(arg string) error {
	facts, name, _ := strings.Cut(arg, " ")
	var changes []func(*node)
	for fact := range strings.SplitSeq(strings.TrimSuffix(facts, ";"), ";") {
		key, value, _ := strings.Cut(fact, "=")
		t, noTime := time.Parse(timeLayout, value)
		bits, noMode := strconv.ParseUint(value, 8, 12)
		switch {
		case strings.EqualFold(key, "modify") && noTime == nil:
			changes = append(changes, func(n *node) { n.mtime = t })
		case strings.EqualFold(key, "UNIX.mode") && noMode == nil:
			changes = append(changes, func(n *node) { n.mode = n.mode.Type() | fs.FileMode(bits).Perm() })
		default:
			return s.reply("504 Cannot set " + fact + ".")
		}
	}
	err := s.tree().change(s.path(name), func(n *node) {
		for _, change := range changes {
			change(n)
		}
	})
	return s.did(err, "213 "+arg)
}

func (s *session) setTime(name string, t time.Time) error {
	return s.tree().change(s.path(name), func(n *node) { n.mtime = t })
}

// siteCmd knows CHMOD.
func (s *session) siteCmd(arg string) error {
	what, rest, _ := strings.Cut(arg, " ")
	mode, name, _ := strings.Cut(rest, " ")
	bits, err := strconv.ParseUint(mode, 8, 12)
	if !strings.EqualFold(what, "CHMOD") || err != nil {
		return s.reply("504 SITE command not implemented.")
	}
	err = s.tree().change(s.path(name), func(n *node) { n.mode = n.mode.Type() | fs.FileMode(bits).Perm() })
	return s.did(err, "200 Mode changed.")
}

func (s *session) restCmd(arg string) error {
	n, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || n < 0 {
		return s.reply("501 Bad offset.")
	}
	s.rest = n
	return s.reply("350 Restarting at " + arg + ".")
}
