package connect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
)

// verified copies a file of 300 000 bytes down or up, from or to a server that
// computes checksums, or says that it does.
func verified(t *testing.T, up bool, q ftptest.Quirks) (*bench, queue.Row, string) {
	t.Helper()
	data := text(300_000)
	tr := ftptest.NewTree()
	b := newBench(t, ftptest.Config{Tree: tr, Quirks: q})
	if up {
		if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	} else {
		tr.WriteFile("/f", []byte(data), time.Unix(1e9, 0))
	}
	return b, b.copy(t, up, "f", queue.ExistsFail), data
}

// Every way to a checksum, and every way in which a server withholds one.
func TestVerifyE35(t *testing.T) {
	offer := func(lines ...string) ftptest.Quirks { return ftptest.Quirks{Sums: ftptest.Sums{Offers: lines}} }
	lie := ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}, Lie: true}}
	for name, tt := range map[string]struct {
		quirks   ftptest.Quirks
		state    queue.State
		verified bool
		note     string
		sent     string
	}{
		"HASH":          {offer("HASH SHA-1*;SHA-256;MD5", "XCRC"), queue.Done, true, "", "OPTS HASH SHA-256"},
		"HASH as it is": {offer("HASH MD5;SHA-256*"), queue.Done, true, "", "HASH /"},
		"XSHA256":       {offer("XCRC", "XSHA256", "XSHA512"), queue.Done, true, "", "XSHA256 /"},
		"XSHA1":         {offer("XSHA1", "XMD5"), queue.Done, true, "", "XSHA1 /"},
		"XSHA512":       {offer("XSHA512", "XMD5"), queue.Done, true, "", "XSHA512 /"},
		"XCRC":          {offer("XCRC", "XMD5"), queue.Done, true, "", "XCRC /"},
		"XMD5":          {offer("XMD5"), queue.Done, true, "", "XMD5 /"},
		"none":          {offer(), queue.Done, false, "", ""},
		"a size above":  {ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"XCRC"}, Above: 1000}}, queue.Done, false, "550 Too large", "XCRC /"},
		"another":       {ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}, Other: "MD5"}}, queue.Done, false, "computes no checksums", "HASH /"},
		"unknown":       {ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"XMD5"}}, Refuse: map[string]string{"XMD5": "500 What?"}}, queue.Done, false, "computes no checksums", "XMD5 /"},
		"no sum in it":  {ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"XMD5"}}, Refuse: map[string]string{"XMD5": "250 Fine."}}, queue.Done, false, "told no checksum", "XMD5 /"},
		"a lie":         {lie, queue.Failed, false, "", "HASH /"},
	} {
		for _, up := range []bool{false, true} {
			way := "down"
			if up {
				way = "up"
			}
			t.Run(name+" "+way, func(t *testing.T) {
				t.Parallel()
				b, w, data := verified(t, up, tt.quirks)
				if w.State != tt.state || w.Verified != tt.verified || !strings.Contains(w.Note, tt.note) || tt.note == "" && w.Note != "" {
					t.Errorf("%s %v, verified %t, note %q", w.State, w.Failure, w.Verified, w.Note)
				}
				if tt.sent != "" && len(b.sent(tt.sent)) == 0 {
					t.Errorf("%s was not sent: %q", tt.sent, b.sent(""))
				}
				got, want := b.local("f"), map[bool]string{true: data}[tt.state == queue.Done]
				if up {
					there, _ := b.srv.Tree().ReadFile("/f")
					got = string(there)
				}
				if got != want {
					t.Errorf("%d bytes have the name", len(got))
				}
				if tt.state == queue.Failed {
					part, kept := b.local(".f.portside.bad"), ".f.portside.bad"
					if up {
						there, _ := b.srv.Tree().ReadFile("/.f.portside")
						part, kept = string(there), "/.f.portside"
					}
					if part != data || !strings.Contains(w.Failure.Text, kept) || strings.Count(w.Failure.Text, "SHA-256") != 1 {
						t.Errorf("%d bytes are kept: %s", len(part), w.Failure.Text)
					}
				}
			})
		}
	}
}

// A server that never answers costs the time-out and the connection, and the
// download stays what it is.
func TestSlowChecksumE35(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	quirks := ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"XMD5"}}, Hold: map[string]<-chan struct{}{"XMD5": never}}
	b, w, data := verified(t, false, quirks)
	if w.State != queue.Done || w.Verified || w.Attempt != 1 || !strings.Contains(w.Note, "no checksum") || b.local("f") != data {
		t.Errorf("%s %v, note %q", w.State, w.Failure, w.Note)
	}
	// An upload has no name yet by then: it gets it by another connection.
	b, w, data = verified(t, true, quirks)
	if got, _ := b.srv.Tree().ReadFile("/f"); w.State != queue.Done || w.Verified || w.Attempt != 2 || !strings.Contains(w.Note, "no checksum") || string(got) != data {
		t.Errorf("%s %v, note %q, %d bytes, %d attempts", w.State, w.Failure, w.Note, len(got), w.Attempt)
	}
}
