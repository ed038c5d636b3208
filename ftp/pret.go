package ftp

import (
	"context"
	"errors"
)

// A server that is spread over machines has to know the file before it can name
// one of them: PRET says which command will follow EPSV or PASV (drftpd). Others
// announce PRET without need, so it is sent where the server asked for it.

// askPassive sends EPSV or PASV, behind PRET where that is wanted.
func (c *Conn) askPassive(ctx context.Context, how method) (reply, error) {
	wanted := c.know.Profile().Pret == Works
	if wanted {
		if err := c.announceTransfer(ctx); err != nil && !notKnown(err) {
			return reply{}, err
		}
	}
	r, err := c.cmd(ctx, how.String(), "", 2)
	var refusal *ReplyError
	if wanted || !errors.As(err, &refusal) || fatal(err) || !c.features.Has("PRET") || !refusal.mentions("pret") {
		return r, err
	}
	delete(c.absent, how.String())
	if err := c.announceTransfer(ctx); err != nil {
		return reply{}, err
	}
	if r, err = c.cmd(ctx, how.String(), "", 2); err == nil {
		c.know.learn(func(p *Profile) { p.Pret, p.Ahead = Works, Fails })
	}
	return r, err
}

// announceTransfer says which transfer the next data connection is for.
func (c *Conn) announceTransfer(ctx context.Context) error {
	arg := c.upcoming.verb
	if c.upcoming.arg != "" {
		arg += " " + c.upcoming.arg
	}
	_, err := c.cmd(ctx, "PRET", arg, 2)
	return err
}

// refusedPret reports whether err says that the server will not carry out the
// transfer: no other way to a data connection changes that.
func refusedPret(err error) bool {
	var refusal *ReplyError
	return errors.As(err, &refusal) && refusal.Command == "PRET"
}
