//go:build !unix

package ftp

import "net"

// urgent sends nothing here.
func urgent(net.Conn, []byte) (sent bool, err error) { return false, nil }
