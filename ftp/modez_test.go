package ftp

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

func withCompression(cfg *Config) { cfg.Compress = true }

// Both directions, both modes, plain and with TLS: what is packed already goes
// as it is, and so does what begins in the middle.
func TestModeZ(t *testing.T) {
	for _, security := range []Security{Plain, Explicit} {
		for _, mode := range []Mode{Passive, Active} {
			t.Run(fmt.Sprint(security, " ", mode), func(t *testing.T) {
				tr, data := tree(1 << 20)
				tr.WriteFile("/a.zip", []byte(data), time.Time{})
				server, roots, err := ftptest.NewTLS()
				if err != nil {
					t.Fatal(err)
				}
				s := serve(t, ftptest.Config{Tree: tr, TLS: server, ReuseRequired: true})
				c := dial(t, s, withCompression, func(cfg *Config) {
					cfg.Mode, cfg.Security, cfg.TLS = mode, security, &tls.Config{RootCAs: roots}
				})
				ctx := t.Context()
				for path, offset := range map[string]int64{"/f": 0, "/a.zip": 0, "/empty": 0} {
					want, _ := tr.ReadFile(path)
					if got, err := get(ctx, c, path, offset); err != nil || got != string(want) {
						t.Errorf("%s: %d bytes, %v", path, len(got), err)
					}
				}
				if got, err := get(ctx, c, "/f", 1000); err != nil || got != data[1000:] {
					t.Errorf("from an offset: %d bytes, %v", len(got), err)
				}
				for path, content := range map[string]string{"/up.txt": data, "/none.txt": "", "/up.zip": data} {
					if err := put(ctx, c, path, content, 0); err != nil {
						t.Errorf("%s: %v", path, err)
					}
					if got, _ := tr.ReadFile(path); string(got) != content {
						t.Errorf("%s: %d bytes arrived", path, len(got))
					}
				}
				if err := put(ctx, c, "/up.txt", data, int64(len(data))); err != nil {
					t.Error(err)
				}
				var sink bytes.Buffer
				d, err := c.Retr(ctx, "/f", 0)
				if err != nil {
					t.Fatal(err)
				}
				if n, err := d.WriteTo(&sink); err != nil || n != int64(len(data)) || d.Close() != nil {
					t.Errorf("%d bytes, %v", n, err)
				}
				if got, err := names(ctx, c, "/dir"); err != nil || len(got) != 1 {
					t.Errorf("%q, %v", got, err)
				}
			})
		}
	}
}

// The mode is said only when it changes.
func TestModeIsSaidOnce(t *testing.T) {
	tr, _ := tree(100)
	tr.WriteFile("/a.gz", []byte("x"), time.Time{})
	s := serve(t, ftptest.Config{Tree: tr})
	c := dial(t, s, withCompression)
	for _, path := range []string{"/f", "/f", "/a.gz", "/a.gz", "/f"} {
		if _, err := get(t.Context(), c, path, 0); err != nil {
			t.Error(err)
		}
	}
	modes := ""
	for _, cmd := range sent(s) {
		if arg, ok := strings.CutPrefix(cmd, "MODE "); ok {
			modes += arg
		}
	}
	if modes != "ZSZ" {
		t.Errorf("said %s", modes)
	}
	for _, q := range []ftptest.Quirks{{NoModeZ: true}, {Refuse: map[string]string{"MODE": "504 no"}}} {
		s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
		c := dial(t, s, withCompression)
		for range 2 {
			if got, err := get(t.Context(), c, "/f", 0); err != nil || len(got) != 100 {
				t.Error(err)
			}
		}
		if n := strings.Count(strings.Join(sent(s), "|"), "MODE"); n > 1 || q.NoModeZ && n > 0 {
			t.Errorf("said MODE %d times", n)
		}
	}
}

// zipped returns data as a zlib stream.
func zipped(data []byte) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.String()
}

// A stream that is broken, cut off, followed by something or without measure is
// never taken for a file.
func TestModeZBroken(t *testing.T) {
	noise := make([]byte, 100_000)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	good := zipped(noise)
	bomb := zipped(make([]byte, bombSlack+100_000*bombTimes+1))
	for _, tt := range []struct {
		name, data, says string
		protocol         bool
	}{
		{"not compressed", "hello world, this is plain", "header", true},
		{"checksum", good[:len(good)-1] + "x", "checksum", true},
		{"damaged", good[:2] + "\xff\xff\xff\xff" + good[6:], "broken", true},
		{"more behind", good + "x", "behind", true},
		{"cut off", good[:len(good)/2], "too early", false},
		{"a bomb", bomb, "without end", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			steps := append(offering("MODE Z"), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("MODE Z", "200 ok\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /f"),
				ftptest.Connect(), ftptest.Send("150 x (100000 bytes)\r\n"), ftptest.Try(ftptest.SendData(tt.data)), ftptest.CloseData(), ftptest.Try(ftptest.Send("226 ok\r\n")))
			c := dial(t, script(t, steps...), withCompression)
			d, err := c.Retr(t.Context(), "/f", 0)
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.Copy(io.Discard, d)
			err = errors.Join(err, d.Close())
			if err == nil || !strings.Contains(err.Error(), tt.says) || isProtocol(err) != tt.protocol {
				t.Errorf("got %v", err)
			}
			if tt.protocol {
				broken(t, c, err)
				if c.know.Profile().Compress != Fails {
					t.Error("it is tried again")
				}
			} else if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A server that cannot take a compressed upload is sent plain ones from then on,
// and one that is known for it is from the first.
func TestModeZUploadRefused(t *testing.T) {
	tr, data := tree(100)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Reply226: "451 Input/output error."}})
	c := dial(t, s, withCompression)
	if err := put(t.Context(), c, "/up", data, 0); !isCode(451)(err) {
		t.Errorf("got %v", err)
	}
	s.SetQuirks(ftptest.Quirks{})
	if err := put(t.Context(), c, "/up", data, 0); err != nil {
		t.Error(err)
	}
	if _, err := get(t.Context(), c, "/f", 0); err != nil {
		t.Error(err)
	}
	s.SetQuirks(ftptest.Quirks{Greeting: "220 ProFTPD Server ready.\r\n"})
	c = dial(t, s, withCompression)
	if err := put(t.Context(), c, "/up", data, 0); err != nil {
		t.Error(err)
	}
	modes := ""
	for _, cmd := range sent(s) {
		if arg, ok := strings.CutPrefix(cmd, "MODE "); ok {
			modes += arg
		}
	}
	if modes != "ZSZ" {
		t.Errorf("said %s", modes)
	}
}

func TestIsPacked(t *testing.T) {
	for name, want := range map[string]bool{
		"a.zip": true, "a.tar.GZ": true, "movie.mp4": true, ".a.zip.portside": true, "a.jpeg": true,
		"a.txt": false, "zip": false, ".zip": true, "a": false, "": false, "a.": false, "gz.txt.old": false, "a b": false,
	} {
		if got := isPacked(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// A compressed listing that is left early is not waited for: what is stuck in
// it does not cost the session.
func TestModeZListingLeft(t *testing.T) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	for i := range 500 {
		_, _ = fmt.Fprintf(w, "-rw-r--r-- 1 a a 1 Jan 02 2020 file-%d\r\n", i)
	}
	_ = w.Flush() // and no end
	s := script(t, append(offering("MODE Z"), ftptest.Exchange("SYST", "215 UNIX\r\n"), ftptest.Exchange("TYPE I", "200 ok\r\n"),
		ftptest.Exchange("MODE Z", "200 ok\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("LIST -a"),
		ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.SendData(b.String()), ftptest.Exchange("\xff\xf4\xf2ABOR", "426 cut\r\n226 ok\r\n"),
		ftptest.Exchange("NOOP", "200 ok\r\n"), ftptest.Exchange("NOOP", "200 ok\r\n"))...)
	c := dial(t, s, withCompression)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // far less than data may wait
	defer cancel()
	for _, err := range c.List(ctx, "/") {
		if err != nil {
			t.Error(err)
		}
		break
	}
	usable(t, c)
}
