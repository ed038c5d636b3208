package ftp

import (
	"context"
	"strings"

	"portside/ftp/listing"
)

// System returns what the server says it runs on, or "" before the first LIST
// and where nothing has to be guessed, since there is MLSD or the greeting names
// the software.
func (c *Conn) System() string { return c.know.Profile().System }

// learnSystem asks once what system the server is, whose listing has to be
// guessed at. No answer is no error.
func (c *Conn) learnSystem(ctx context.Context) error {
	if c.patience != patienceUnknown || !c.know.askSystem() {
		return nil // those that are known by their greetings list like Unix
	}
	r, err := c.cmd(ctx, "SYST", "", 2)
	if fatal(err) {
		return err
	}
	if err == nil {
		c.know.learn(func(p *Profile) { p.System = systemOf(r) })
	}
	return nil
}

// systemOf returns the words of a 215 reply, in one line and not too long.
func systemOf(r reply) string {
	text := strings.Join(strings.Fields(r.text()[0]), " ")
	return text[:min(len(text), 80)]
}

// askSystem reports, to the first who asks, that SYST is worth sending.
func (m *Memory) askSystem() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	first := !m.asked
	m.asked = true
	return first
}

// hintOf returns how a system usually lists. The rows decide; this only breaks
// ties.
func hintOf(system string) listing.Dialect {
	system = strings.ToUpper(system)
	for _, known := range []struct {
		word    string
		dialect listing.Dialect
	}{
		{"WINDOWS", listing.DOS}, {"WIN32", listing.DOS}, {"MVS", listing.MVS}, {"Z/OS", listing.MVS}, {"VMS", listing.VMS},
		{"OS/400", listing.AS400}, {"OS400", listing.AS400}, {"Z/VM", listing.ZVM}, {"VM/", listing.ZVM}, {"OS/2", listing.OS2},
		{"OS9", listing.OS9}, {"OS-9", listing.OS9}, {"NETWARE", listing.Netware}, {"NONSTOP", listing.NonStop},
		{"TANDEM", listing.NonStop}, {"GUARDIAN", listing.NonStop}, {"MACOS", listing.MacWebStar}, {"VXWORKS", listing.VxWorks},
	} {
		if strings.Contains(system, known.word) {
			return known.dialect
		}
	}
	return listing.Unix
}

// takesOptions reports whether LIST of such a system may take an option. On
// others "-a" is a pattern, or the name of a dataset.
func takesOptions(d listing.Dialect) bool {
	switch d {
	case listing.VMS, listing.MVS, listing.AS400, listing.ZVM, listing.NonStop:
		return false
	}
	return true
}
