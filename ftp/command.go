package ftp

import (
	"fmt"
	"io/fs"
	"strings"
)

// appendCommand appends one command line to b. It is the one gate to the wire:
// an argument that could end the line, and so begin a second command, is
// refused before any byte is written; nothing is stripped or escaped. 0xFF is
// doubled, since the control connection is a telnet stream, unless the server
// takes it literally.
func appendCommand(b []byte, verb, arg string, literal bool) ([]byte, error) {
	if verb == "" || strings.Trim(verb, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") != "" {
		return nil, fmt.Errorf("%q is not a command: %w", verb, fs.ErrInvalid)
	}
	if err := checkArgument(arg); err != nil {
		return nil, err
	}
	b = append(b, verb...)
	if arg != "" {
		b = append(b, ' ')
		for i := range len(arg) {
			if arg[i] == iac && !literal {
				b = append(b, iac)
			}
			b = append(b, arg[i])
		}
	}
	return append(b, '\r', '\n'), nil
}

// checkArgument refuses what cannot be said in one command line.
func checkArgument(arg string) error {
	if i := strings.IndexAny(arg, "\r\n\x00"); i >= 0 {
		return fmt.Errorf("a line break or zero byte cannot be sent over FTP: %w", fs.ErrInvalid)
	}
	if len(arg) > maxCommand {
		return fmt.Errorf("too long for an FTP command (%d bytes): %w", len(arg), fs.ErrInvalid)
	}
	return nil
}

// onWire returns the argument of cmd in the bytes of the server's character
// set. What is no name is said as well as it can be.
func (c *Conn) onWire(cmd command) (string, error) {
	switch cmd.verb {
	case "USER", "PASS", "ACCT":
		return c.names.secret(cmd.arg), nil
	}
	return c.names.encode(cmd.arg)
}

// checkPath refuses a path that this server cannot be told, before anything is
// sent.
func (c *Conn) checkPath(path string) error {
	if err := checkPath(path); err != nil {
		return err
	}
	raw, err := c.names.encode(path)
	if err != nil {
		return err
	}
	return checkArgument(raw)
}

// checkPath refuses a path that cannot go to the wire.
func checkPath(path string) error {
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("not an absolute path: %w", fs.ErrInvalid)
	}
	return checkArgument(path)
}
