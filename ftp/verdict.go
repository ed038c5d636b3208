package ftp

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// count notes that n bytes moved in a wait that began at a time. Of compressed
// data the plain bytes are counted elsewhere.
func (t *transfer) count(n int64, began time.Time) {
	if t.packed == nil {
		t.n += n
	}
	t.waited += time.Since(began)
	if t.few += n; t.few >= crawlBytes {
		t.waited, t.few = 0, 0
	}
}

// crawls reports whether the other end goes on in appearance only. What counts
// is the time spent waiting for it: whoever uses the stream may be as slow as
// he likes.
func (t *transfer) crawls() bool { return t.waited >= t.c.cfg.Timeouts.Crawl }

// stalled says that data waited too long.
func (t *transfer) stalled() error {
	if t.crawls() {
		return fmt.Errorf("only %d bytes moved in %v: %w", t.few, t.c.cfg.Timeouts.Crawl, os.ErrDeadlineExceeded)
	}
	return fmt.Errorf("no data moved for %v: %w", t.c.cfg.Timeouts.Stall, os.ErrDeadlineExceeded)
}

// explain ends the data connection after an error there. The server's word, if
// it comes soon, says more than the error; without one the session is over.
func (t *transfer) explain(cause error) error {
	t.closeData()
	if err := t.w.err(); err != nil {
		return t.c.fail(err)
	}
	if isTimeout(cause) && t.conn != nil {
		cause = t.stalled()
	}
	switch err := t.verdict(min(afterError, t.c.cfg.Timeouts.Reply)); {
	case err == nil:
		return cause
	case errors.As(err, new(*ReplyError)):
		return err
	}
	return t.c.fail(cause)
}

// verdict reads the final reply: nil is success.
func (t *transfer) verdict(limit time.Duration) error {
	end := time.Now().Add(limit)
	for range maxPreliminary {
		if t.final == nil {
			r, err := t.receive(time.Until(end))
			if err != nil {
				return fmt.Errorf("%w: %w", ErrNoVerdict, err)
			}
			t.final = &r
		}
		if t.final.class() == 1 {
			t.final = nil
			continue
		}
		if err := t.settle(); err != nil {
			return err
		}
		if err := t.book(); err != nil {
			return err
		}
		switch {
		case t.final.class() == 2:
			t.c.freely = t.c.freely || t.tail != nil && t.conn != nil && !t.resumed
			return nil
		case t.begun && t.c.follows():
			return t.misbooked(*t.final) // or a refusal: nobody can tell whose
		}
		return t.refuse(*t.final)
	}
	return t.c.fail(&ProtocolError{Text: "the server begins for ever", Seen: t.text})
}

// refuse returns a refusal as an error, with advice where we know the cause.
func (t *transfer) refuse(r reply) error {
	return t.reuse(r, t.c.judge(t.verb, r))
}

// succeeded reports whether the final reply is there, and good.
func (t *transfer) succeeded() bool { return t.final != nil && t.final.class() == 2 }
