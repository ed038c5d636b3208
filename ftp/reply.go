package ftp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
)

// Telnet bytes that may stand in a reply (RFC 854).
const (
	iac      = 0xFF
	telnetSE = 0xF0 // the first command
	telnetSB = 0xFA // the last command of two bytes
)

// reply is one reply of the server, preliminary or final.
type reply struct {
	code  int
	lines []string // whole lines without their ends, codes included
}

// class returns the first digit.
func (r reply) class() int { return r.code / 100 }

// text returns the lines without the codes in front.
func (r reply) text() []string {
	out := make([]string, len(r.lines))
	for i, line := range r.lines {
		out[i] = line
		if len(line) >= 3 && line[:3] == r.lines[0][:3] && (len(line) == 3 || strings.IndexByte(" -\t", line[3]) >= 0) {
			out[i] = line[min(4, len(line)):]
		}
	}
	return out
}

// refusal returns the reply as an error.
func (r reply) refusal(verb string) *ReplyError {
	return &ReplyError{Command: verb, Code: r.code, Lines: r.text()}
}

// readReply reads one reply. It keeps what fits the limits and skips the rest,
// up to the limit that no honest server reaches.
func readReply(br *bufio.Reader) (reply, error) {
	in := replyReader{br: br, limit: maxReplyTotal}
	r, more, err := in.first()
	if err == nil && more {
		err = in.rest(&r)
	}
	if err != nil {
		return reply{}, err
	}
	return r, nil
}

// first reads the first line of a reply, and reports whether more follow.
func (in *replyReader) first() (r reply, more bool, err error) {
	line, err := in.line()
	if err != nil && isTLS(in.buf) {
		return reply{}, false, notAReply(in.buf)
	}
	if err != nil {
		return reply{}, false, in.explain(reply{}, err)
	}
	code, more, ok := parseCode(line)
	if !ok {
		return reply{}, false, notAReply(line)
	}
	return reply{code: code, lines: []string{string(line)}}, more, nil
}

// rest reads the lines that follow the first.
func (in *replyReader) rest(r *reply) error {
	kept := len(r.lines[0])
	for more := true; more; {
		line, err := in.line()
		if err != nil {
			return in.explain(*r, err)
		}
		last := endsReply(line, r.lines[0][:3])
		if kept+len(line) <= maxReplyBytes && len(r.lines) < maxReplyLines {
			r.lines = append(r.lines, string(line))
			kept += len(line)
		}
		more = !last
	}
	return nil
}

// parseCode reads the code of a first line and whether more lines follow.
func parseCode(line []byte) (code int, more, ok bool) {
	if len(line) < 3 || line[0] < '1' || line[0] > '5' {
		return 0, false, false
	}
	for _, b := range line[:3] {
		if b < '0' || b > '9' {
			return 0, false, false
		}
		code = code*10 + int(b-'0')
	}
	if len(line) == 3 {
		return code, false, true
	}
	switch line[3] {
	case ' ', '\t':
		return code, false, true
	case '-':
		return code, true, true
	}
	return 0, false, false
}

// endsReply reports whether line is the last one of a reply that began with
// code.
func endsReply(line []byte, code string) bool {
	return len(line) >= 3 && string(line[:3]) == code && (len(line) == 3 || line[3] == ' ' || line[3] == '\t')
}

// replyReader reads the lines of one reply and counts what it cost.
type replyReader struct {
	br    *bufio.Reader
	limit int // of total
	total int
	buf   []byte
}

// line reads one line without its end. The result is valid until the next call.
func (in *replyReader) line() ([]byte, error) {
	in.buf = in.buf[:0]
	for {
		b, err := in.next()
		if err != nil {
			return nil, err
		}
		switch b {
		case 0:
			return nil, &ProtocolError{Text: "the server sent a zero byte in a reply", Seen: string(in.buf)}
		case '\n':
			return bytes.TrimRight(in.buf, "\r"), nil
		}
		if len(in.buf) < maxLine {
			in.buf = append(in.buf, b)
		}
	}
}

// next returns the next byte that is not part of a telnet command.
func (in *replyReader) next() (byte, error) {
	for {
		b, err := in.read()
		if err != nil || b != iac {
			return b, err
		}
		ahead, err := in.br.Peek(1)
		if err != nil {
			return 0, err
		}
		switch cmd := ahead[0]; {
		case cmd == iac:
			return in.read()
		case cmd < telnetSE:
			return b, nil // a server that does not double it
		case cmd <= telnetSB:
			_, err = in.read()
		default: // WILL, WONT, DO, DONT and the option
			if _, err = in.read(); err == nil {
				_, err = in.read()
			}
		}
		if err != nil {
			return 0, err
		}
	}
}

// read returns the next byte and counts it.
func (in *replyReader) read() (byte, error) {
	if in.total++; in.total > in.limit {
		return 0, &ProtocolError{Text: "the server sent a reply without end", Seen: string(in.buf)}
	}
	return in.br.ReadByte()
}

// explain turns what stopped the reading into words.
func (in *replyReader) explain(r reply, err error) error {
	var protocol *ProtocolError
	switch {
	case errors.As(err, &protocol):
		return err
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	case errors.Is(err, os.ErrDeadlineExceeded) && r.code != 0:
		return &ProtocolError{Text: "the server never finished a reply", Seen: r.lines[0]}
	}
	return err
}

// notAReply says what answered in place of an FTP server.
func notAReply(line []byte) error {
	seen := string(line[:min(len(line), 60)])
	text := "this is not an FTP reply"
	switch {
	case bytes.HasPrefix(line, []byte("SSH-")):
		text = "this is an SSH server, not an FTP server"
	case bytes.HasPrefix(line, []byte("HTTP/")), bytes.HasPrefix(line, []byte("<")):
		text = "this is a web server, not an FTP server"
	case isTLS(line):
		text = "the server speaks TLS from the first byte: use implicit TLS (ftps://)"
	}
	return &ProtocolError{Text: text, Seen: seen}
}

// isTLS reports whether line begins like a TLS alert or handshake.
func isTLS(line []byte) bool {
	return len(line) > 2 && (line[0] == 0x15 || line[0] == 0x16) && line[1] == 0x03
}
