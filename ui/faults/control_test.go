//go:build unix

package faults

import (
	"bytes"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// command is a transfer that portside asked for.
type command struct {
	at     time.Time // when its control connection was opened, or when it was said
	verb   string    // RETR, STOR or APPE
	path   string
	offset int64 // of the REST before it
}

func (c command) String() string { return fmt.Sprintf("%s %s from %d", c.verb, c.path, c.offset) }

// record is what was said on control connections.
type record struct {
	mu    sync.Mutex
	asked []command
	lines []string // the last ones
}

const keptLines = 300

func (r *record) note(id int, dir byte, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, fmt.Sprintf("%s %d%c %s", time.Now().Format("05.000"), id, dir, text))
	if len(r.lines) > 2*keptLines {
		r.lines = slices.Delete(r.lines, 0, keptLines)
	}
}

func (r *record) commands() []command {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.asked)
}

func (r *record) tail() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lines[max(0, len(r.lines)-keptLines):])
}

// asking finds the transfers in the commands of one control connection.
type asking struct{ rest int64 }

func (a *asking) command(line string, at time.Time) (command, bool) {
	verb, arg, _ := strings.Cut(line, " ")
	switch verb = strings.ToUpper(verb); verb {
	case "REST":
		a.rest, _ = strconv.ParseInt(arg, 10, 64)
	case "RETR", "STOR", "APPE":
		c := command{at: at, verb: verb, path: arg, offset: a.rest}
		a.rest = 0
		return c, true
	}
	return command{}, false
}

// control reads a plain control connection on its way.
type control struct {
	relay   *relay
	passage *passage
	sent    []byte // the beginning of a command
	held    []byte // the beginning of a reply
	asking  asking
}

func (c *control) commands(data []byte) []byte {
	c.sent = append(c.sent, data...)
	for {
		line, rest, whole := bytes.Cut(c.sent, []byte("\n"))
		if !whole {
			return data
		}
		c.sent = rest
		text := strings.TrimRight(string(line), "\r")
		r := c.relay.record
		r.note(c.passage.id, '>', text)
		if asked, ok := c.asking.command(text, c.passage.began); ok {
			r.mu.Lock()
			r.asked = append(r.asked, asked)
			r.mu.Unlock()
		}
	}
}

var (
	epsv = regexp.MustCompile(`^229 .*\(\|\|\|(\d+)\|\)`)
	pasv = regexp.MustCompile(`^227 .*?(\d+,\d+,\d+,\d+),(\d+),(\d+)`)
)

// replies passes whole lines on, and in those that name a port names one of
// the relay's.
func (c *control) replies(data []byte) []byte {
	c.held = append(c.held, data...)
	var out []byte
	for {
		line, rest, whole := bytes.Cut(c.held, []byte("\n"))
		if !whole {
			return out
		}
		c.held = rest
		text := strings.TrimRight(string(line), "\r")
		c.relay.record.note(c.passage.id, '<', text)
		out = append(out, c.through(text)...)
		out = append(out, "\r\n"...)
	}
}

func (c *control) through(reply string) string {
	host, _, _ := net.SplitHostPort(c.relay.server)
	if m := epsv.FindStringSubmatchIndex(reply); m != nil {
		port, _ := strconv.Atoi(reply[m[2]:m[3]])
		if ours, err := c.relay.data(c.passage, host, port); err == nil {
			return reply[:m[2]] + strconv.Itoa(ours) + reply[m[3]:]
		}
	}
	if m := pasv.FindStringSubmatchIndex(reply); m != nil {
		high, _ := strconv.Atoi(reply[m[4]:m[5]])
		low, _ := strconv.Atoi(reply[m[6]:m[7]])
		if ours, err := c.relay.data(c.passage, host, high<<8|low); err == nil {
			return fmt.Sprintf("%s127,0,0,1,%d,%d%s", reply[:m[2]], ours>>8, ours&0xff, reply[m[7]:])
		}
	}
	return reply
}
