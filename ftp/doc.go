// Package ftp is a client for FTP (RFC 959, 2428, 3659) and FTP over TLS
// (RFC 4217).
//
// A [Conn] is one session: one control connection, logged in, that carries out
// one operation at a time. Its methods may be called from any goroutine; they
// wait for each other, and the wait ends with the context. A [Download], an
// [Upload] or the sequence of [Conn.List] is part of its operation until it is
// closed (or ran to its end), and keeps the others waiting until then: whoever
// opened one closes it.
//
// Every call may block on the network, and each wait inside it has a limit
// (see [Timeouts]) and ends when the context does. No goroutine outlives a
// call. Close of a stream gives the server's verdict: the end of the data alone
// is not success.
//
// Replies belong to commands by their position. So whatever leaves the position
// in doubt (a timeout, a cancelled context, a reply that nobody asked for, a
// stream that was closed early and whose server does not answer ABOR) breaks
// the Conn: its sockets are closed before the call returns, and everything
// later fails with [ErrBroken]. Nothing reconnects by itself.
//
// What sessions learn about a server (how data connections come about, what it
// does not take) is kept in a [Memory] that they share. Commands that do not
// depend on each other go out together where that is known to work, also behind
// a transfer that runs; whatever then comes back in another order ends the
// session, and the practice with that server.
//
// The tests named in cases_a_test.go to cases_e_test.go say one by one what
// hostile or odd servers, networks, listings and files are survived, and what is
// left to other parts.
//
// Paths are absolute, with "/" between components, in the server's own bytes, or
// as text where [Config] names the server's character set.
package ftp
