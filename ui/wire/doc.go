// Package wire draws the connection log: what was said to the servers and by
// them. It holds the lines that the caller gave it, a bounded number, and
// never asks for more; nothing here blocks or reads a clock. Passwords never
// reach it, because they never enter the log.
package wire
