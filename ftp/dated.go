package ftp

import (
	"context"
	"time"
)

// LIST names no more than the day of a file that is older than half a year; MDTM
// tells the second. So where several commands may be unanswered at
// once, MDTM goes out in front of a RETR, in the same packet: it costs nothing
// but its bytes.

// RetrDated is Retr of a whole file that also asks for its time, where that
// costs no round trip.
func (c *Conn) RetrDated(ctx context.Context, path string) (*Download, error) {
	return c.retr(ctx, path, 0, wish{date: true})
}

// ModTime returns when the file was last changed, as the server told it in front
// of the data; zero where it was not asked or did not tell.
func (d *Download) ModTime() time.Time { return d.t.date }

// wish is what is to be known of a transfer, or from it, besides its bytes.
type wish struct {
	landing *Landing // what follows an upload, where that is known
	date    bool     // the time of a download's file
}

// dates returns the command that asks for the time of a file in front of its
// download, if that is wanted and may go out there.
func (c *Conn) dates(verb, arg string) []command {
	if !c.dated || verb != "RETR" || !c.bursts() || c.absent["MDTM"] || !c.features.Has("MDTM") {
		return nil
	}
	return []command{{"MDTM", arg}}
}

// hearDate reads the answer to the MDTM that went out with the command.
func (t *transfer) hearDate() error {
	if !t.dated {
		return nil
	}
	c := t.c
	r, err := c.receive(t.w, "MDTM", c.cfg.Timeouts.Reply)
	if err != nil {
		return err
	}
	if refused := c.judge("MDTM", r, 2); refused != nil {
		return onlyFatal(refused) // RETR says what is wrong with the file
	}
	t.date, _ = parseModTime(r.text()[0])
	return nil
}
