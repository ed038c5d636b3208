package queue

import (
	"errors"
	"io/fs"
	"syscall"
)

// Class says who owns a failure, and so what it stops.
type Class string

// The classes of a failure.
const (
	ClassJob     Class = "job"     // this job cannot succeed; others can
	ClassAttempt Class = "attempt" // this attempt failed; another may succeed
	ClassServer  Class = "server"  // nothing at that server can go on now
	ClassQueue   Class = "queue"   // nothing can be written here: the local disk is full
)

// Ask says what a person can answer to make the next attempt succeed.
type Ask string

// The questions.
const (
	AskNothing  Ask = ""
	AskExists   Ask = "exists"      // the target exists
	AskPassword Ask = "password"    // the login was refused, or needs a password
	AskTrust    Ask = "certificate" // the certificate is not trusted
	AskPlain    Ask = "plain"       // the server offers no TLS
)

// Failure is how an attempt failed, in a form that survives disk and socket.
type Failure struct {
	Class Class `json:"class"`
	Ask   Ask   `json:"ask,omitempty"`
	// Command is the one that the server refused, without what followed it.
	Command string `json:"command,omitempty"`
	Code    int    `json:"code,omitempty"` // the server's reply code, 0 without one
	Text    string `json:"text"`           // what happened, then what to do; may hold text from a server
	// Facts are what a person has to know to answer Ask, beyond Text, a line
	// each; they may hold text from a server.
	Facts []string `json:"facts,omitempty"`
	// Pin is the fingerprint of the key that AskTrust is about.
	Pin string `json:"pin,omitempty"`
	// Limit says that the server refused one connection too many.
	Limit bool `json:"limit,omitempty"`
	// Full says that there was no room for the bytes.
	Full bool `json:"full,omitempty"`
	// Fault says that it was our own: a panic.
	Fault bool `json:"fault,omitempty"`

	cause error
}

// Fail returns a Failure that wraps cause.
func Fail(class Class, text string, cause error) *Failure {
	return &Failure{Class: class, Text: text, cause: cause}
}

// Error returns Text.
func (f *Failure) Error() string { return f.Text }

// Unwrap returns the error that the failure was made from, if it is known.
func (f *Failure) Unwrap() error { return f.cause }

// FailureOf returns err as a Failure: the one it carries, or one made from
// what the standard library's errors say.
func FailureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		f = Fail(ClassQueue, "the local disk is full: "+err.Error(), err)
		f.Full = true
		return f
	case errors.Is(err, fs.ErrExist):
		f = Fail(ClassJob, err.Error(), err)
		f.Ask = AskExists
		return f
	default:
		return Fail(ClassJob, err.Error(), err)
	}
}
