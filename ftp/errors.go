package ftp

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// ErrBroken matches every error of a call that broke its Conn, and of every
// call after it. The session is over: dial a new one.
var ErrBroken = errors.New("the session is over")

// ErrLogin matches the error of a Dial whose user name or password the server
// refused. Trying the same again may lock the account.
var ErrLogin = errors.New("login refused")

// ErrNoPassword matches the error of a Dial whose server wants a password that
// the Config does not know.
var ErrNoPassword = errors.New("the server wants a password")

// ErrNoVerdict matches the error of closing a stream whose data went through
// to its end, while the server never said whether all is well.
var ErrNoVerdict = errors.New("the server never confirmed the transfer")

// ReplyError is a refusal: the server understood and said no.
type ReplyError struct {
	Command string   // the verb that was refused; "" for the greeting
	Code    int      // 300 to 599
	Lines   []string // the text, without codes
}

// Error returns the code and the server's words.
func (e *ReplyError) Error() string {
	text := strings.TrimSpace(strings.Join(e.Lines, " "))
	if text == "" {
		text = "no reason given"
	}
	return fmt.Sprintf("the server said %d: %s", e.Code, text)
}

// Temporary reports whether the same may work later.
func (e *ReplyError) Temporary() bool { return e.Code/100 == 4 }

// TooMany reports whether the server refused one session too many.
func (e *ReplyError) TooMany() bool {
	switch e.Code {
	case 421, 530, 450, 500, 550:
	default:
		return false
	}
	switch {
	case e.mentions("too many", "maximum", "limit", "already logged in", "busy"):
		return true
	case e.WantsTLS(): // "cleartext sessions are not accepted"
		return false
	}
	return e.Command == "" && (e.Code == 421 || e.Code == 530) || e.mentions("connections", "sessions")
}

// WantsTLS reports whether the server talks to nobody without TLS.
func (e *ReplyError) WantsTLS() bool {
	return e.Code == 534 || e.mentions("encrypt", "cleartext", "tls", "ssl", "secure")
}

// unknown reports whether the server does not have the command at all.
func (e *ReplyError) unknown() bool {
	return e.Code == 500 || e.Code == 502 || e.Code == 504 || e.Code == 202
}

// Is makes the refusal match fs.ErrNotExist, fs.ErrExist and fs.ErrPermission
// where code and text say so.
func (e *ReplyError) Is(target error) bool {
	switch e.Code {
	case 450, 451, 501, 521, 530, 532, 550, 552, 553:
	default:
		return false
	}
	missing := e.mentions("no such", "not found", "not exist", "n't exist", "cannot find", "nonexistent")
	denied := e.mentions("permission", "denied", "not permitted", "not allowed", "access", "read-only", "prohibited")
	exists := e.Code == 521 || e.mentions("exists")
	switch target {
	case fs.ErrNotExist:
		return missing
	case fs.ErrPermission:
		return denied && !missing
	case fs.ErrExist:
		return exists && !missing && !denied
	}
	return false
}

// mentions reports whether the text holds one of words, in any case.
func (e *ReplyError) mentions(words ...string) bool {
	text := strings.ToLower(strings.Join(e.Lines, "\n"))
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// ProtocolError says that the server broke the rules of the protocol.
type ProtocolError struct {
	Text string // what is wrong
	Seen string // the beginning of what it sent, as it came; may be empty
}

// Error returns what is wrong and what was seen.
func (e *ProtocolError) Error() string {
	if e.Seen == "" {
		return e.Text
	}
	return fmt.Sprintf("%s: %.80q", e.Text, e.Seen)
}

// ConnectError says at which step a connection could not be made.
type ConnectError struct {
	Stage string // "resolve", "connect", "proxy", "greeting", "tls", "login" or "data"
	Addr  string // host and port
	Err   error
}

// Error returns a sentence for the user.
func (e *ConnectError) Error() string {
	switch e.Stage {
	case "resolve":
		return fmt.Sprintf("cannot find %s: %v", e.Addr, e.Err)
	case "connect":
		return fmt.Sprintf("cannot connect to %s: %v", e.Addr, e.Err)
	case "proxy":
		return fmt.Sprintf("cannot connect through the proxy %s: %v", e.Addr, e.Err)
	case "greeting":
		return fmt.Sprintf("%s did not welcome us: %v", e.Addr, e.Err)
	case "tls":
		return fmt.Sprintf("no secure connection to %s: %v", e.Addr, e.Err)
	case "login":
		return fmt.Sprintf("cannot log in at %s: %v", e.Addr, e.Err)
	default:
		return fmt.Sprintf("cannot open a data connection with %s: %v", e.Addr, e.Err)
	}
}

// Unwrap returns the cause.
func (e *ConnectError) Unwrap() error { return e.Err }

// brokenError is the error that broke a Conn: it reads like its cause and also
// matches ErrBroken.
type brokenError struct{ cause error }

func (e *brokenError) Error() string   { return e.cause.Error() }
func (e *brokenError) Unwrap() []error { return []error{e.cause, ErrBroken} }

// later returns the error for calls that come after the one that broke.
func (e *brokenError) later() error {
	return fmt.Errorf("%w: %w", ErrBroken, e.cause)
}

// kindError gives a refusal a meaning that was found out by other means.
type kindError struct {
	kind  error // fs.ErrExist, fs.ErrNotExist
	cause error
}

func (e *kindError) Error() string {
	return fmt.Sprintf("%v (%v)", e.kind, e.cause)
}
func (e *kindError) Unwrap() []error { return []error{e.kind, e.cause} }

// pathError names operation and path around err.
func pathError(op, path string, err error) error {
	var already *fs.PathError
	if err == nil || errors.As(err, &already) {
		return err
	}
	return &fs.PathError{Op: op, Path: path, Err: err}
}
