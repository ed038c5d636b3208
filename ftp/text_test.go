package ftp

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"portside/ftp/ftptest"
)

func withText(cfg *Config) { cfg.Text = true }

// unlike Windows, the systems that the tests look at end lines with LF.
func lf(t testing.TB) {
	t.Helper()
	if ownLineEnd {
		t.Skip("files end their lines as the wire does here")
	}
}

// arrive passes text through a translation: what comes in chunks of in, read
// out bytes at a time.
func arrive(text string, in, out int) (string, error) {
	x := &translation{}
	wire := strings.NewReader(text)
	var got []byte
	buf := make([]byte, out)
	for {
		n, err := x.read(buf, func(p []byte) (int, error) { return wire.Read(p[:min(len(p), in)]) })
		got = append(got, buf[:n]...)
		switch {
		case err == io.EOF && x.local == int64(len(got)):
			return string(got), nil
		case err != nil:
			return string(got), fmt.Errorf("%d counted: %w", x.local, err)
		case n == 0:
			return string(got), io.ErrNoProgress
		}
	}
}

// leave passes text the other way, in chunks, with room for so many bytes.
func leave(text string, chunk, room int) string {
	x := &translation{out: make([]byte, room)}
	var wire []byte
	for p := []byte(text); len(p) > 0; {
		part := p[:min(len(p), chunk)]
		for len(part) > 0 {
			n, used := x.toWire(part)
			wire = append(wire, x.out[:n]...)
			part = part[used:]
		}
		p = p[min(len(p), chunk):]
	}
	return string(wire)
}

func TestLineEnds(t *testing.T) {
	for _, tt := range []struct{ wire, here string }{
		{"", ""}, {"a", "a"}, {"a\r\nb\r\n", "a\nb\n"}, {"a\nb\r\n", "a\nb\n"}, {"\r", "\r"}, {"a\r", "a\r"},
		{"\r\r", "\r\r"}, {"\r\r\n", "\r\n"}, {"a\rb\r\nc\r\r\r\n\r", "a\rb\nc\r\r\n\r"}, {"\r\n\r\n", "\n\n"}, {"\n\r", "\n\r"},
	} {
		for in := 1; in < 5; in++ {
			for out := 1; out < 5; out++ {
				if got, err := arrive(tt.wire, in, out); err != nil || got != tt.here {
					t.Errorf("%q by %d into %d: %q, %v; want %q", tt.wire, in, out, got, err, tt.here)
				}
			}
		}
	}
	for here, wire := range map[string]string{
		"": "", "a\nb\n": "a\r\nb\r\n", "a\r\nb\n": "a\r\nb\r\n", "\r": "\r", "\n": "\r\n", "\n\n": "\r\n\r\n", "\r\r\n\n": "\r\r\n\r\n", "a\rb": "a\rb",
	} {
		for chunk := 1; chunk < 5; chunk++ {
			for room := 2; room < 6; room++ {
				if got := leave(here, chunk, room); got != wire {
					t.Errorf("%q by %d into %d: %q, want %q", here, chunk, room, got, wire)
				}
			}
		}
	}
}

// What an error cuts short is an error, also behind a CR that waits.
func TestLineEndsCutOff(t *testing.T) {
	x := &translation{}
	boom := errors.New("boom")
	wire := io.MultiReader(strings.NewReader("a\r"), iotest.ErrReader(boom))
	buf := make([]byte, 8)
	if n, err := x.read(buf, wire.Read); string(buf[:n]) != "a" || err != nil {
		t.Errorf("%q, %v", buf[:n], err)
	}
	if n, err := x.read(buf, wire.Read); n != 0 || !errors.Is(err, boom) {
		t.Errorf("%q, %v", buf[:n], err)
	}
}

// Chunks make no difference, and what goes out and comes back is what it was,
// but for a CR in front of an LF.
func FuzzLineEnds(f *testing.F) {
	f.Add("a\nb\r\nc\r\r\n\r", uint8(3), uint8(4))
	f.Add("\r", uint8(1), uint8(1))
	f.Fuzz(func(t *testing.T, text string, in, out uint8) {
		i, o := int(in)+1, int(out)+1
		wire := leave(text, i, o+1)
		if whole := strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n"); wire != whole {
			t.Fatalf("%q by %d, %d: %q", text, i, o, wire)
		}
		back, err := arrive(wire, i, o)
		if want := strings.ReplaceAll(text, "\r\n", "\n"); err != nil || back != want {
			t.Fatalf("%q by %d, %d: %q came back, %v", wire, i, o, back, err)
		}
		if came, err := arrive(text, i, o); err != nil || came != strings.ReplaceAll(text, "\r\n", "\n") {
			t.Fatalf("%q by %d, %d: %q, %v", text, i, o, came, err)
		}
	})
}

// Both directions, both modes, plain, with TLS and compressed; sizes are asked
// of bytes, and listings are what they are.
func TestText(t *testing.T) {
	lf(t)
	unix := strings.Repeat("a line\nanother one\r and\n", 20_000)
	for _, security := range []Security{Plain, Explicit} {
		for _, mode := range []Mode{Passive, Active} {
			for _, packs := range []bool{false, true} {
				t.Run(fmt.Sprint(security, " ", mode, " ", packs), func(t *testing.T) {
					tr, _ := tree(10)
					tr.WriteFile("/text", []byte(unix), time.Time{})
					tr.WriteFile("/dos", []byte("a\r\nb\r\n"), time.Time{})
					server, roots, err := ftptest.NewTLS()
					if err != nil {
						t.Fatal(err)
					}
					s := serve(t, ftptest.Config{Tree: tr, TLS: server, ReuseRequired: true})
					c := dial(t, s, withText, func(cfg *Config) {
						cfg.Mode, cfg.Security, cfg.TLS, cfg.Compress = mode, security, &tls.Config{RootCAs: roots}, packs
					})
					ctx := t.Context()
					for path, want := range map[string]string{"/text": unix, "/dos": "a\nb\n", "/empty": ""} {
						if got, err := get(ctx, c, path, 0); err != nil || got != want {
							t.Errorf("%s: %d bytes, %v", path, len(got), err)
						}
					}
					var sink bytes.Buffer
					d, err := c.Retr(ctx, "/text", 0)
					if err != nil {
						t.Fatal(err)
					}
					if n, err := d.WriteTo(&sink); err != nil || n != int64(len(unix)) || d.Close() != nil || sink.String() != unix {
						t.Errorf("%d bytes, %v", n, err)
					}
					l := Landing{Path: "/.up", Size: 3, Time: time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC), Final: "/up"}
					if err := landed(t, c, l, unix); err != nil {
						t.Error(err)
					}
					if got, _ := tr.ReadFile("/up"); string(got) != unix {
						t.Errorf("%d bytes arrived", len(got))
					}
					if n, err := c.Size(ctx, "/up"); err != nil || n != int64(len(unix)) {
						t.Errorf("%d bytes are there, %v", n, err)
					}
					if got, err := names(ctx, c, "/"); err != nil || len(got) < 4 {
						t.Errorf("%q, %v", got, err)
					}
					_, err = c.Retr(ctx, "/text", 1)
					_, also := c.Stor(ctx, "/up", 1)
					if !errors.Is(err, errors.ErrUnsupported) || !errors.Is(also, errors.ErrUnsupported) {
						t.Errorf("in the middle: %v, %v", err, also)
					}
				})
			}
		}
	}
}

// A server that sends files as they are does no harm: LF stays, and a name in
// use is found although sizes of text are not told.
func TestTextKept(t *testing.T) {
	lf(t)
	tr, _ := tree(10)
	tr.WriteFile("/text", []byte("a\nb\r\n"), time.Time{})
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{KeepsText: true, Greeting: known}})
	c := dial(t, s, withText)
	if got, err := get(t.Context(), c, "/text", 0); err != nil || got != "a\nb\n" {
		t.Errorf("%q, %v", got, err)
	}
	if err := landed(t, c, Landing{Path: "/.text", Size: -1, Final: "/text"}, "new\n"); err == nil {
		t.Error("it replaced what is there")
	}
	if got, _ := tr.ReadFile("/.text"); string(got) != "new\r\n" {
		t.Errorf("%q arrived", got)
	}
}

// A server that has no text is not sent any.
func TestTextRefused(t *testing.T) {
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Refuse: map[string]string{"TYPE": "504 Binary alone."}}})
	c := dial(t, s, withText)
	var refusal *ReplyError
	if _, err := c.Retr(t.Context(), "/f", 0); !errors.As(err, &refusal) || refusal.Command != "TYPE" {
		t.Errorf("%v", err)
	}
	usable(t, c)
}

// Where the end of the data proves nothing, a size that fits does.
func TestTextConfirmed(t *testing.T) {
	lf(t)
	for name, tt := range map[string]struct {
		text  string
		quirk ftptest.Quirks
		good  bool
	}{
		"whole": {"a\nb\n", ftptest.Quirks{NoCloseNotify: true}, true},
		"cut":   {"a\nb\n", ftptest.Quirks{NoCloseNotify: true, Truncate: true, TruncateAfter: 4}, false},
	} {
		t.Run(name, func(t *testing.T) {
			tr, _ := tree(10)
			tr.WriteFile("/text", []byte(tt.text), time.Time{})
			server, roots, err := ftptest.NewTLS()
			if err != nil {
				t.Fatal(err)
			}
			s := serve(t, ftptest.Config{Tree: tr, TLS: server, Quirks: tt.quirk})
			c := dial(t, s, withText, func(cfg *Config) { cfg.Security, cfg.TLS = Explicit, &tls.Config{RootCAs: roots} })
			if got, err := get(t.Context(), c, "/text", 0); (err == nil) != tt.good {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// A verdict that comes before the end of an upload counts once the size fits.
func TestTextEarlyVerdict(t *testing.T) {
	for _, keeps := range []bool{false, true} {
		s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{EarlyReply226: true, KeepsText: keeps}})
		c := dial(t, s, withText)
		if err := put(t.Context(), c, "/up", "a\nb\n", 0); err != nil {
			t.Errorf("keeps %v: %v", keeps, err)
		}
	}
}

// Nothing is allocated for a chunk.
func TestTextAllocatesNothing(t *testing.T) {
	text := []byte(strings.Repeat("a line\r\n", 1000))
	buf := make([]byte, len(text)/2)
	in, out := &translation{}, &translation{out: make([]byte, writeChunk)}
	more := func(p []byte) (int, error) { return copy(p, text), nil }
	if n := testing.AllocsPerRun(100, func() {
		_, _ = in.read(buf, more)
		out.toWire(text)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
