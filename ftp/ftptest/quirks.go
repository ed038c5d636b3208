package ftptest

import (
	"io"
	"time"
)

// Quirks makes a server misbehave. The zero value is a good citizen. Verbs are
// in upper case. Channels and functions are used from the sessions' goroutines.
type Quirks struct {
	// Commands that the server does not know (502).
	NoEPSV, NoPASV, NoEPRT, NoPORT, NoMLSD, NoFEAT, NoSIZE, NoMDTM, NoMFMT, NoMFF, NoREST bool
	// NoModeZ does not offer MODE Z.
	NoModeZ bool
	// NoActive refuses PORT and EPRT (500), NoPassive EPSV and PASV (502).
	NoActive, NoPassive bool

	// Greeting replaces the greeting, as it stands: "120 wait\r\n220 now\r\n".
	Greeting string
	// CloseGreeting closes the connection in the middle of the greeting.
	CloseGreeting bool
	// Garbage sends bytes that are no FTP in place of the greeting.
	Garbage bool

	// Refuse answers a verb with a reply line of its own ("550 No."); "" gives
	// no answer at all. The command is not carried out.
	Refuse map[string]string
	// MaxCommand is the longest line that is not refused (500); 0: any.
	MaxCommand int
	// At421 answers a verb with 421 and closes the control connection.
	At421 map[string]bool
	// Hangup closes the control connection in place of an answer; Reset does
	// it with a reset.
	Hangup, Reset map[string]bool
	// LosesBursts throws away what reached the server together with a command.
	LosesBursts bool
	// Swallow carries a verb out and closes the control connection in place of
	// the answer.
	Swallow map[string]bool
	// Hold holds the answer to a verb until the channel is closed. Besides
	// verbs: "greeting", "150" and "226".
	Hold map[string]<-chan struct{}
	// Reached is called when a point of Hold is reached, and for "data" when
	// Stall holds.
	Reached func(point string)

	// HideDots lists names with a leading dot by "LIST -a" only, as ls does.
	// NoListOptions takes an option for a name.
	HideDots, NoListOptions bool

	// PasvAddr is announced in 227 in place of the server's own address.
	PasvAddr string
	// PasvText and EPSVText replace the texts of 227 and 229; %h is the address
	// with commas, %p the port with a comma, %d the port as one number.
	PasvText, EPSVText string
	// PortBlocked announces ports on which nobody listens; EPSVBlocked does it
	// for EPSV alone.
	PortBlocked, EPSVBlocked bool
	// AcceptAfter150 sends 150 before the data connection is accepted or made.
	AcceptAfter150 bool
	// ActiveFrom is the local IP address of active data connections.
	ActiveFrom string
	// ActiveSilent takes PORT and EPRT, sends 150, and never connects.
	ActiveSilent bool

	// Drop cuts data connections; nil never.
	Drop *Drop
	// Truncate ends downloads after TruncateAfter bytes and claims success.
	Truncate      bool
	TruncateAfter int64
	// Stall stops data connections after StallAfter bytes until it is closed.
	Stall      <-chan struct{}
	StallAfter int64
	// Patience is how long nothing may move on a data connection before the
	// server gives it up; 0: for ever.
	Patience time.Duration
	// DiskFull answers uploads with 452 after DiskFullAfter bytes.
	DiskFull      bool
	DiskFullAfter int64
	// CutListings makes Drop, Truncate and Stall hit listings too, not files alone.
	CutListings bool
	// Extra is sent behind the end of every file.
	Extra []byte

	// HideReply226 never sends the final reply of a transfer; EarlyReply226
	// sends it before the data. Reply150 and Reply226 replace these lines.
	HideReply226, EarlyReply226 bool
	Reply150, Reply226          string

	// IgnoreREST says 350 and sends from byte 0; RESTShift is added to offsets.
	// RESTWrap is what offsets are counted modulo (1<<31, 1<<32); 0: they are
	// not. StorZeroes makes STOR behind REST begin anew, with zeros up to the
	// offset. Scatter is what STOR does to what is behind its place.
	IgnoreREST bool
	RESTShift  int64
	RESTWrap   int64
	StorZeroes bool
	Scatter    Scatter
	// KeepsText takes TYPE A and moves files as they are.
	KeepsText bool
	// SizeShift is added to what SIZE and listings say.
	SizeShift int64
	// Sums are the checksums that the server computes.
	Sums Sums
	// NoReplace refuses RNTO onto an existing file.
	NoReplace bool

	// ListDialect is how LIST prints: "unix" (default) or "dos".
	ListDialect string
	// Zone is where LIST prints times; nil is UTC.
	Zone *time.Location
	// Listing makes the data of LIST, MLSD and NLST; a nil reader means the
	// usual one.
	Listing func(verb, dir string) io.Reader

	// ReuseReply is what a data connection without the control connection's
	// TLS session is answered with, where reuse is required.
	ReuseReply string
	// PlainData speaks plain on data connections in spite of PROT P.
	PlainData bool
	// NoCloseNotify ends TLS data connections without a goodbye.
	NoCloseNotify bool
	// CutRecord ends TLS data connections in the middle of a record.
	CutRecord bool
	// LateVerdict holds the final reply of an upload over TLS back until the
	// client has closed the data connection, and does not answer its goodbye.
	LateVerdict bool
	// ChopTLS sends each byte of TLS on control connections in its own packet.
	ChopTLS bool
	// PlainText writes text of its own below TLS in place of the answer to a
	// verb, and ends the session. DropTLS ends TLS before the answer.
	PlainText map[string]string
	DropTLS   map[string]bool
}

// Drop says how data connections are cut.
type Drop struct {
	After int64 // bytes of data
	How   DropKind
	Times int // how many transfers, 0 for all
}

// DropKind is a way to cut a data connection.
type DropKind uint8

// The ways to cut a data connection.
const (
	DropReply   DropKind = iota // closed, then 426
	DropFIN                     // closed in order; the control connection goes silent
	DropRST                     // reset, then 426
	DropAll                     // both connections are reset
	DropGoodbye                 // closed, then 421 and the control connection is closed
)

// refusal returns the reply of the quirks to a verb.
func (q *Quirks) refusal(verb string) (string, bool) {
	if line, ok := q.Refuse[verb]; ok {
		return line, true
	}
	if q.NoActive && (verb == "PORT" || verb == "EPRT") {
		return "500 Illegal " + verb + " command.", true
	}
	if q.absent(verb) {
		return "502 Command not implemented.", true
	}
	return "", false
}

func (q *Quirks) absent(verb string) bool {
	switch verb {
	case "EPSV":
		return q.NoEPSV || q.NoPassive
	case "PASV":
		return q.NoPASV || q.NoPassive
	case "EPRT":
		return q.NoEPRT
	case "PORT":
		return q.NoPORT
	case "MLSD", "MLST":
		return q.NoMLSD
	case "FEAT":
		return q.NoFEAT
	case "SIZE":
		return q.NoSIZE
	case "MDTM":
		return q.NoMDTM
	case "MFMT":
		return q.NoMFMT
	case "MFF":
		return q.NoMFF
	case "REST":
		return q.NoREST
	}
	return false
}
