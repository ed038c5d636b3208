// Package transfers draws the queue: the strip that never leaves the main
// screen, its head on tall screens, and the full-screen view. It reads copies
// of jobs and totals and changes nothing; the caller fetches them, decides when
// to draw, and does what keys ask for. Nothing here blocks or reads a clock.
package transfers
