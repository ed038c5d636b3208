package ftp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// mtimeLayout is how FTP writes a time, in UTC.
const mtimeLayout = "20060102150405"

// ModTime returns when the file at path was last changed.
func (c *Conn) ModTime(ctx context.Context, path string) (t time.Time, err error) {
	err = c.do(ctx, "mtime", path, func() error {
		t, err = c.modTime(ctx, path)
		return err
	})
	return t, err
}

// modTime is ModTime for the holder of the token.
func (c *Conn) modTime(ctx context.Context, path string) (time.Time, error) {
	r, err := c.cmd(ctx, "MDTM", path, 2)
	if err != nil {
		return time.Time{}, err
	}
	t, ok := parseModTime(r.text()[0])
	if !ok {
		return time.Time{}, errors.New("the server told no time: " + c.mask(r.lines[0]))
	}
	return t, nil
}

// parseModTime reads the time of a 213 reply. Some servers count the years
// since 1900 behind "19": 19100 is 2000.
func parseModTime(text string) (time.Time, bool) {
	digits, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	whole, _, _ := strings.Cut(digits, ".")
	if len(whole) == len(mtimeLayout)+1 && strings.HasPrefix(whole, "191") {
		years, _ := strconv.Atoi(whole[2:5])
		digits = strconv.Itoa(1900+years) + digits[5:]
	}
	t, err := time.Parse(mtimeLayout, digits) // takes fractions as well
	return t, err == nil
}

// Facts are what SetFacts can change about a file.
type Facts struct {
	Time    time.Time   // of the last change of the content, kept to the second; zero leaves it
	Mode    fs.FileMode // permission bits
	HasMode bool        // whether Mode is to be set
}

// SetModTime sets when the file at path was last changed, as SetFacts does.
func (c *Conn) SetModTime(ctx context.Context, path string, t time.Time) error {
	return c.SetFacts(ctx, path, Facts{Time: t})
}

// Chmod sets the permission bits of the file at path, as SetFacts does.
func (c *Conn) Chmod(ctx context.Context, path string, mode fs.FileMode) error {
	return c.SetFacts(ctx, path, Facts{Mode: mode, HasMode: true})
}

// SetFacts sets time and permission bits of the file at path with as few
// commands as the server has for it: MFF for both, MFMT, MDTM or SITE UTIME for
// the time, SITE CHMOD for the bits. A command that the server does not know is
// not tried again in this session. Where there is none left, the error matches
// errors.ErrUnsupported; what else was asked for is set all the same.
func (c *Conn) SetFacts(ctx context.Context, path string, f Facts) error {
	return c.do(ctx, "set", path, func() error { return c.setFacts(ctx, path, f) })
}

// setFacts is SetFacts for the holder of the token.
func (c *Conn) setFacts(ctx context.Context, path string, f Facts) error {
	if !f.Time.IsZero() && f.HasMode {
		if cmd, ok := c.bothFacts(path, f); ok {
			r, err := c.cmd(ctx, cmd.verb, cmd.arg, 2)
			if err == nil {
				f = unset(f, r)
			} else if !notKnown(err) {
				return err
			}
		}
	}
	var timeErr, modeErr error
	if !f.Time.IsZero() {
		timeErr = c.setTime(ctx, path, f.Time)
	}
	if f.HasMode && !fatal(timeErr) {
		modeErr = c.setMode(ctx, path, f.Mode)
	}
	if timeErr == nil || fatal(modeErr) {
		return modeErr
	}
	return timeErr
}

// bothFacts returns the one command that sets time and bits, if the server
// lists both as facts that it can change.
func (c *Conn) bothFacts(path string, f Facts) (command, bool) {
	facts := strings.ToLower(c.features.Args("MFF"))
	if c.absent["MFF"] || !strings.Contains(facts, "modify") || !strings.Contains(facts, "unix.mode") {
		return command{}, false
	}
	return command{"MFF", fmt.Sprintf("Modify=%s;UNIX.mode=%04o; %s", stamp(f.Time), unixBits(f.Mode), path)}, true
}

// unset returns what is left of f after MFF was answered with the list of the
// facts that were changed; without a list, nothing is.
func unset(f Facts, r reply) Facts {
	said := strings.ToLower(strings.Join(r.text(), " "))
	if !strings.Contains(said, "=") || strings.Contains(said, "modify=") {
		f.Time = time.Time{}
	}
	if !strings.Contains(said, "=") || strings.Contains(said, "unix.mode=") {
		f.HasMode = false
	}
	return f
}

// stamp writes a time as FTP does.
func stamp(t time.Time) string { return t.UTC().Format(mtimeLayout) }

// timeWay is one of the commands that set a time.
type timeWay struct {
	name    string // under which it is remembered as absent
	feature string // of FEAT; "" is for servers that do not say
	verb    string
	strict  bool // nothing but an unknown command makes way for the next one
	arg     func(stamp, path string) string
}

// timeWays returns the commands that may set a time here, the best one first.
func (c *Conn) timeWays() []timeWay {
	before := func(stamp, path string) string { return stamp + " " + path }
	all := []timeWay{
		{"MFMT", "MFMT", "MFMT", true, before},
		{"MFF", "MFF", "MFF", true, func(stamp, path string) string { return "Modify=" + stamp + "; " + path }},
		{"MDTM to set", "MDTM", "MDTM", false, before},
		{"SITE UTIME, short", "", "SITE UTIME", false, before},
		{"SITE UTIME, long", "", "SITE UTIME", false, func(stamp, path string) string {
			return path + " " + stamp + " " + stamp + " " + stamp + " UTC"
		}},
	}
	var ways []timeWay
	for _, way := range all {
		if !c.absent[way.name] && (way.feature == "" || c.features.may(way.feature)) {
			ways = append(ways, way)
		}
	}
	return ways
}

// setTime sets the time of the file at path.
func (c *Conn) setTime(ctx context.Context, path string, t time.Time) error {
	var first error
	for _, way := range c.timeWays() {
		_, err := c.cmd(ctx, way.verb, way.arg(stamp(t), path), 2)
		var refusal *ReplyError
		switch {
		case err == nil || fatal(err):
			return err
		case notKnown(err):
			c.absent[way.name] = true
			continue
		}
		if first == nil {
			first = err
		}
		// MDTM with a time in front may have been taken for the name of a file.
		if errors.As(err, &refusal) && (way.strict || refusal.Temporary()) {
			break
		}
		if refusal.Code == 501 {
			c.absent[way.name] = true
		}
	}
	if first != nil {
		return first
	}
	return fmt.Errorf("the server cannot set times: %w", errors.ErrUnsupported)
}

// setMode sets the permission bits of the file at path, by the first command
// that the server knows.
func (c *Conn) setMode(ctx context.Context, path string, mode fs.FileMode) error {
	for {
		cmd, ok := c.modeCommand(path, mode)
		if !ok {
			return fmt.Errorf("the server cannot set permissions: %w", errors.ErrUnsupported)
		}
		if _, err := c.cmd(ctx, cmd.verb, cmd.arg, 2); !notKnown(err) || !c.absent[cmd.verb] {
			return unsupported(err)
		}
	}
}

// modeCommand returns what sets permission bits here, if anything does.
func (c *Conn) modeCommand(path string, mode fs.FileMode) (command, bool) {
	if !c.absent["SITE CHMOD"] {
		return command{"SITE CHMOD", chmodArgument(path, mode)}, true
	}
	if c.absent["MFF"] || !strings.Contains(strings.ToLower(c.features.Args("MFF")), "unix.mode") {
		return command{}, false
	}
	return command{"MFF", fmt.Sprintf("UNIX.mode=%04o; %s", unixBits(mode), path)}, true
}

// chmodArgument returns what SITE CHMOD sets.
func chmodArgument(path string, mode fs.FileMode) string {
	return fmt.Sprintf("%03o %s", unixBits(mode), path)
}

// Symlink makes a symbolic link at path that points to target, by SITE SYMLINK.
// It fails with errors.ErrUnsupported where the server has no way to.
func (c *Conn) Symlink(ctx context.Context, target, path string) error {
	return c.do(ctx, "symlink", path, func() error {
		const verb = "SITE SYMLINK"
		switch {
		case c.absent[verb]:
			return fmt.Errorf("the server cannot make links: %w", errors.ErrUnsupported)
		case target == "":
			return fmt.Errorf("a link needs a target: %w", fs.ErrInvalid)
		}
		_, err := c.cmd(ctx, verb, quoteSpaces(target)+" "+quoteSpaces(path), 2)
		return unsupported(err)
	})
}

// notKnown reports whether err says that the server does not have a command.
func notKnown(err error) bool {
	var refusal *ReplyError
	return errors.As(err, &refusal) && refusal.unknown() && !fatal(err)
}

// unsupported makes the refusal of a command that the server does not have
// match errors.ErrUnsupported.
func unsupported(err error) error {
	if notKnown(err) {
		return &kindError{kind: errors.ErrUnsupported, cause: err}
	}
	return err
}

// unixBits returns mode as chmod writes it.
func unixBits(mode fs.FileMode) uint32 {
	bits := uint32(mode.Perm())
	for _, special := range []struct {
		mode fs.FileMode
		bit  uint32
	}{{fs.ModeSetuid, 0o4000}, {fs.ModeSetgid, 0o2000}, {fs.ModeSticky, 0o1000}} {
		if mode&special.mode != 0 {
			bits |= special.bit
		}
	}
	return bits
}
