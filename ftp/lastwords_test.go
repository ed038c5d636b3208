package ftp

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// The server says 421, or hangs up without a word, at every step of a
// download, an upload and a listing.
func TestLastWordsA13(t *testing.T) {
	const size, middle = 300_000, 20_000
	at := func(verb string) func(*ftptest.Quirks) {
		return func(q *ftptest.Quirks) { q.At421 = map[string]bool{verb: true} }
	}
	drop := func(after int64, how ftptest.DropKind) func(*ftptest.Quirks) {
		return func(q *ftptest.Quirks) { q.Drop = &ftptest.Drop{After: after, How: how} }
	}
	final := func(q *ftptest.Quirks) { q.Reply226 = "421 Good night." }
	for _, tt := range []struct {
		op, place string
		quirk     func(*ftptest.Quirks)
		silent    bool
	}{
		{"get", "TYPE", at("TYPE"), false},
		{"get", "EPSV", at("EPSV"), false},
		{"get", "REST", at("REST"), false},
		{"get", "RETR", at("RETR"), false},
		{"get", "behind 150", drop(0, ftptest.DropGoodbye), false},
		{"get", "in the middle", drop(middle, ftptest.DropGoodbye), false},
		{"get", "in the middle, no word", drop(middle, ftptest.DropAll), true},
		{"get", "in place of 226", final, false},
		{"put", "TYPE", at("TYPE"), false},
		{"put", "EPSV", at("EPSV"), false},
		{"put", "STOR", at("STOR"), false},
		{"put", "behind 150", drop(0, ftptest.DropGoodbye), false},
		{"put", "in the middle", drop(middle, ftptest.DropGoodbye), false},
		{"put", "in the middle, no word", drop(middle, ftptest.DropAll), true},
		{"put", "in place of 226", final, false},
		{"list", "CWD", at("CWD"), false},
		{"list", "TYPE", at("TYPE"), false},
		{"list", "EPSV", at("EPSV"), false},
		{"list", "MLSD", at("MLSD"), false},
		{"list", "behind 150", drop(0, ftptest.DropGoodbye), false},
		{"list", "in the middle", drop(middle, ftptest.DropGoodbye), false},
		{"list", "in the middle, no word", drop(middle, ftptest.DropAll), true},
		{"list", "in place of 226", final, false},
	} {
		t.Run(tt.op+" "+tt.place, func(t *testing.T) {
			t.Parallel()
			tr, data := tree(size)
			for i := range 1000 {
				tr.WriteFile(fmt.Sprintf("/a*b/some name %04d", i), nil, time.Time{})
			}
			q := ftptest.Quirks{CutListings: true}
			tt.quirk(&q)
			s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
			c := dial(t, s, withShort)
			var err error
			switch tt.op {
			case "get":
				_, err = get(t.Context(), c, "/f", 10)
			case "put":
				err = put(t.Context(), c, "/up", strings.Repeat(data, 20), 0)
			default:
				_, err = names(t.Context(), c, "/a*b")
			}
			if isCode(421)(err) == tt.silent {
				t.Errorf("got %v", err)
			}
			broken(t, c, err)
		})
	}
}

// A session that ends without a word is told from one that is silent, and the
// step at which it ended is named.
func TestNoLastWordsA15(t *testing.T) {
	for name, end := range map[string]ftptest.Step{"FIN": ftptest.Hangup(), "RST": ftptest.Reset()} {
		for _, tt := range []struct {
			place string
			steps []ftptest.Step
		}{
			{"after EPSV", []ftptest.Step{ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Expect("EPSV"), end}},
			{"after EPSV", []ftptest.Step{ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("EPSV", "229 (|||"), end}},
			{"after RETR", append(passiveSteps(ftptest.Expect("RETR /f"), end)[1:], ftptest.CloseData())},
			{"after RETR", append(passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 g"), end)[1:], ftptest.CloseData())},
		} {
			t.Run(name+" "+tt.place, func(t *testing.T) {
				s := script(t, append([]ftptest.Step{ftptest.Login()}, tt.steps...)...)
				c := dial(t, s, withShort)
				_, err := get(t.Context(), c, "/f", 0)
				if err == nil || !strings.Contains(err.Error(), tt.place) || strings.Contains(err.Error(), "no answer") {
					t.Errorf("got %v", err)
				}
				if name == "FIN" && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("got %v", err)
				}
				broken(t, c, err)
			})
		}
	}
}

// A server that begins for ever is not waited for.
func TestBeginsForEverA20(t *testing.T) {
	many := strings.Repeat("150 go\r\n", 40)
	s := script(t, passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"), ftptest.SendData("x"), ftptest.CloseData(), ftptest.Send(many))...)
	c := dial(t, s, withShort)
	_, err := get(t.Context(), c, "/f", 0)
	if !isProtocol(err) {
		t.Errorf("got %v", err)
	}
	broken(t, c, err)
}
