//go:build !linux

package ftp

import "syscall"

// bindLate does nothing here.
func bindLate(_, _ string, _ syscall.RawConn) error { return nil }
