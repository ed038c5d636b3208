// Package connect is the seam between the protocol and everything else: it
// turns addresses into logged-in sessions that speak the words of package
// queue, and what package ftp says into failures that a person can answer. It
// is the only package outside ftp's own that names ftp.
//
// A [Dialer] owns the secrets and the trust that the user gave, in memory
// only; sessions belong to whoever dialled them. Dial and the methods of a
// session block on the network, each with a deadline of its own.
package connect
