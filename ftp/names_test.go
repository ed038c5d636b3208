package ftp

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/ftp/listing"
)

// rowsOf is a server whose listings of all directories are text.
func rowsOf(t *testing.T, q ftptest.Quirks, text string) *ftptest.Server {
	t.Helper()
	q.Listing = func(string, string) io.Reader { return strings.NewReader(text) }
	return serve(t, ftptest.Config{Tree: ftptest.Demo(), Quirks: q})
}

// D1: a carriage return inside a name stays in it, and such a name is never
// sent.
func TestLineEndsInNamesD1(t *testing.T) {
	s := rowsOf(t, ftptest.Quirks{}, "type=file;size=1; a\rDELE b\r\ntype=file;size=1; c\n")
	c := dial(t, s)
	got, err := names(t.Context(), c, "/")
	if err != nil || !slices.Equal(got, []string{"a\rDELE b", "c"}) {
		t.Fatalf("%q, %v", got, err)
	}
	before := len(sent(s))
	ctx := t.Context()
	for _, err := range []error{
		c.Delete(ctx, "/a\rDELE b"), c.Rename(ctx, "/c", "/x\ny"), c.MakeDir(ctx, "/z\x00"), errOf(get(ctx, c, "/a\nDELE b", 0)), put(ctx, c, "/a\r\nDELE b", "x", 0),
	} {
		if !errors.Is(err, fs.ErrInvalid) {
			t.Error(err)
		}
	}
	if after := sent(s); len(after) != before {
		t.Errorf("sent %q", after[before:])
	}
	usable(t, c)
}

// D10: a listing without end is left at once.
func TestEndlessListingD10(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: ftptest.Demo(), Quirks: ftptest.Quirks{Listing: func(verb, _ string) io.Reader {
		if verb == "LIST" {
			return &repeat{row: "-rw-r--r-- 1 a b 1 Nov 21 13:58 f%d\r\n"}
		}
		return &repeat{row: "type=file;size=1; f%d\r\n"}
	}}})
	for _, verb := range []string{"MLSD", "LIST"} {
		c := dial(t, s)
		if verb == "LIST" {
			c.absent["MLSD"] = true
		}
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		var failed error
		var stopped time.Time
		for _, err := range c.List(ctx, "/") {
			if failed = err; err != nil {
				break
			}
			if n++; n == 5000 {
				stopped = time.Now()
				cancel()
			}
		}
		if !errors.Is(failed, context.Canceled) || time.Since(stopped) > 2*time.Second {
			t.Errorf("%s: %d rows, %v after %v", verb, n, failed, time.Since(stopped))
		}
		broken(t, c, failed)
		cancel()
	}
}

// D25: whatever a command is answered with, the rows tell what they are.
func TestOtherRowsThanAskedForD25(t *testing.T) {
	const unix = "total 2\r\n-rw-r--r-- 1 a b 12 2024-02-03 04:05:06 +0000 one\r\n\x1b[0mdrwxr-xr-x 1 a b 1 Nov 21  2020 \x1b[01;34mtwo\x1b[0m\r\n"
	const facts = "type=file;size=12;modify=20240203040506; one\r\ntype=dir;modify=20240203040506; two\r\n"
	for name, c := range map[string]struct {
		q    ftptest.Quirks
		text string
		bad  int
	}{
		"LIST rows for MLSD": {ftptest.Quirks{}, unix, 0},
		"MLSD rows for LIST": {ftptest.Quirks{NoMLSD: true}, facts, 0},
		"a banner before":    {ftptest.Quirks{}, "<html>\r\n*** Welcome ***\r\n" + facts, 2},
		"a banner behind":    {ftptest.Quirks{NoMLSD: true}, unix + "226 done\r\n", 1},
	} {
		rows := listed(t, dial(t, rowsOf(t, c.q, c.text)), "/")
		if e := rows["one"]; e.Size != 12 || !e.Time.Equal(time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)) || !e.Zoned {
			t.Errorf("%s: %+v", name, e)
		}
		if e := rows["two"]; e.Type != listing.Dir || e.Size != -1 {
			t.Errorf("%s: %+v", name, e)
		}
		if e, isBad := rows[""]; isBad != (c.bad > 0) || isBad && (e.Raw == "" || e.Reason == "") {
			t.Errorf("%s: %+v", name, e)
		}
	}
}
