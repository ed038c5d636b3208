package ftp

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"portside/ftp/ftptest"
)

func TestHash(t *testing.T) {
	data := []byte("hello world\n")
	sum := func(algorithm string, data []byte) string { return hex.EncodeToString(sumOf(algorithm, data)) }
	size := ftptest.Exchange("SIZE /f", "213 12\r\n")
	part := HashRange{Offset: 2, Length: 5}
	hash := func(from, to int) string {
		return fmt.Sprintf("213-Computing\r\n213 SHA-256 %d-%d %s /f\r\n", from, to, sum("SHA-256", data[2:7]))
	}
	for _, tt := range []struct {
		name     string
		features []string
		part     HashRange
		steps    []ftptest.Step
		want     string // algorithm and sum
		err      error
	}{
		{"HASH", []string{"HASH SHA-1*;SHA-512;FOO", "XCRC"}, HashRange{}, []ftptest.Step{size, ftptest.Exchange("OPTS HASH SHA-512", "200 SHA-512\r\n"),
			ftptest.Exchange("HASH /f", "213 SHA-512 0-12 "+sum("SHA-512", data)+" /f\r\n")}, "SHA-512 " + sum("SHA-512", data), nil},
		{"HASH in use", []string{"HASH SHA-256*;MD5"}, HashRange{}, []ftptest.Step{size,
			ftptest.Exchange("HASH /f", "213 SHA-256 0-11 "+sum("SHA-256", data)+" /f\r\n")}, "SHA-256 " + sum("SHA-256", data), nil},
		{"HASH refused", []string{"HASH SHA-1", "XMD5"}, HashRange{}, []ftptest.Step{size, ftptest.Exchange("OPTS HASH SHA-1", "501 no\r\n"),
			ftptest.Exchange("XMD5 /f", "250 "+sum("MD5", data)+"\r\n")}, "MD5 " + sum("MD5", data), nil},
		{"HASH of a part", []string{"HASH SHA-256*", "RANG STREAM"}, part, []ftptest.Step{size, ftptest.Exchange("RANG 2 6", "350 ok\r\n"),
			ftptest.Exchange("HASH /f", hash(2, 6)), ftptest.Exchange("RANG 1 0", "350 reset\r\n")}, "SHA-256 " + sum("SHA-256", data[2:7]), nil},
		{"HASH of the whole in place of a part", []string{"HASH SHA-256*", "RANG STREAM"}, part, []ftptest.Step{size, ftptest.Exchange("RANG 2 6", "350 ok\r\n"),
			ftptest.Exchange("HASH /f", hash(0, 12)), ftptest.Exchange("RANG 1 0", "350 reset\r\n")}, "", errors.ErrUnsupported},
		{"best of all", []string{"XCRC", "XMD5", "XSHA256", "XSHA"}, HashRange{}, []ftptest.Step{size,
			ftptest.Exchange("XSHA256 /f", "250-Computing\r\n250 "+sum("SHA-256", data)+"\r\n")}, "SHA-256 " + sum("SHA-256", data), nil},
		{"MD5", []string{"MD5"}, HashRange{}, []ftptest.Step{size, ftptest.Exchange("MD5 /f", "251 \"/f\" "+sum("MD5", data)+"\r\n")}, "MD5 " + sum("MD5", data), nil},
		{"MD5 has no parts", []string{"MD5"}, part, []ftptest.Step{}, "", errors.ErrUnsupported},
		{"end outside", []string{"XCRC"}, part, []ftptest.Step{size, ftptest.Exchange("XCRC /f 1 2", "250 "+sum("CRC32", data[1:2])+"\r\n"),
			ftptest.Exchange("XCRC /f 2 7", "250 "+sum("CRC32", data[2:7])+"\r\n")}, "CRC32 " + sum("CRC32", data[2:7]), nil},
		{"end inside", []string{"XCRC"}, HashRange{Offset: 2}, []ftptest.Step{size, ftptest.Exchange("XCRC /f 1 2", "250 "+sum("CRC32", data[1:3])+"\r\n"),
			ftptest.Exchange("XCRC /f 1 1", "250 "+sum("CRC32", data[1:2])+"\r\n"),
			ftptest.Exchange("XCRC /f 2 11", "250 "+sum("CRC32", data[2:])+"\r\n")}, "CRC32 " + sum("CRC32", data[2:]), nil},
		{"no parts", []string{"XCRC"}, part, []ftptest.Step{size, ftptest.Exchange("XCRC /f 1 2", "501 too many parameters\r\n"),
			ftptest.Exchange("XCRC /f 1 1", "501 too many parameters\r\n")}, "", errors.ErrUnsupported},
		{"unknown after all", []string{"XCRC"}, HashRange{}, []ftptest.Step{size, ftptest.Exchange("XCRC /f", "502 no\r\n")}, "", errors.ErrUnsupported},
		{"none", []string{"SIZE"}, HashRange{}, nil, "", errors.ErrUnsupported},
		{"missing", []string{"XCRC"}, HashRange{}, []ftptest.Step{ftptest.Exchange("SIZE /f", "550 no such file\r\n")}, "", fs.ErrNotExist},
		{"behind the end", []string{"XCRC"}, HashRange{Offset: 8, Length: 5}, []ftptest.Step{size}, "", fs.ErrInvalid},
		{"before the beginning", []string{"XCRC"}, HashRange{Offset: -1}, nil, "", fs.ErrInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			steps := offering(tt.features...)
			if len(tt.steps) > 0 {
				steps = append(steps, ftptest.Exchange("TYPE I", "200 ok\r\n"))
			}
			steps = append(append(steps, tt.steps...), ftptest.Exchange("NOOP", "200 ok\r\n"))
			c := dial(t, script(t, steps...))
			d, err := c.Hash(t.Context(), "/f", tt.part)
			if !errors.Is(err, tt.err) || err == nil && d.Algorithm+" "+hex.EncodeToString(d.Sum) != tt.want {
				t.Errorf("got %+v, %v", d, err)
			}
			usable(t, c)
		})
	}
}

// offering is a login at a server that announces features.
func offering(features ...string) []ftptest.Step {
	text := "211-Features\r\n"
	for _, f := range features {
		text += " " + f + "\r\n"
	}
	return []ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "230 in\r\n"),
		ftptest.Exchange("FEAT", text+"211 End\r\n"), ftptest.Exchange("PWD", "257 \"/\"\r\n")}
}

// What a server cannot do is asked for once in a session.
func TestHashIsRemembered(t *testing.T) {
	steps := append(offering("XCRC", "XMD5"), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("SIZE /f", "213 1\r\n"),
		ftptest.Exchange("XMD5 /f", "500 no\r\n"), ftptest.Exchange("XCRC /f", "502 no\r\n"))
	c := dial(t, script(t, steps...))
	for range 2 {
		if _, err := c.Hash(t.Context(), "/f", HashRange{}); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
	}
}

// A server may need a second for each 10 MiB, and no more than that.
func TestHashTakesItsTimeE35(t *testing.T) {
	t.Parallel()
	steps := append(offering("XMD5"), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("SIZE /f", "213 100\r\n"), ftptest.Expect("XMD5 /f"))
	c := dial(t, script(t, steps...), withShort)
	_, err := c.Hash(t.Context(), "/f", HashRange{})
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	broken(t, c, err)
	if got := hashTime(1 << 30); got.Seconds() != 103 {
		t.Errorf("1 GiB may take %v", got)
	}
}

func TestParseSum(t *testing.T) {
	const md5 = "6f5902ac237024bdd0c176cb93063dc4"
	for _, tt := range []struct {
		reply, path string
		size        int
		want        string
	}{
		{"250 AF083B2D\r\n", "/f", 4, "af083b2d"},
		{"250-Computing CRC32 digest\r\n250 AF083B2D\r\n", "/f", 4, "af083b2d"},
		{"250 0x3b2d\r\n", "/f", 4, "00003b2d"},
		{"250 XCRC af083b2d\r\n", "/f", 4, "af083b2d"},
		{"213 " + md5 + "\r\n", "/f", 16, md5},
		{"251 \"/a b\" " + md5 + "\r\n", "/a b", 16, md5},
		{"250 MD5(/f)=" + md5 + "\r\n", "/f", 16, md5},
		{"251 /" + md5 + " 00000000000000000000000000000001\r\n", "/" + md5, 16, "00000000000000000000000000000001"},
		{"250 " + md5[:30] + "\r\n", "/f", 16, ""},
		{"250 done\r\n", "/f", 16, ""},
		{"250\r\n", "/f", 4, ""},
	} {
		r, err := parse(tt.reply)
		if err != nil {
			t.Fatal(err)
		}
		sum, ok := parseSum(r, tt.size, tt.path)
		if hex.EncodeToString(sum) != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: %x, %v", tt.reply, sum, ok)
		}
	}
}

func FuzzHashReply(f *testing.F) {
	for _, s := range []string{"213 SHA-1 0-12 22596363b3de40b06f981fb85d82312e8c0ed511 /f", "250-x\r\n250 AF083B2D", "251 \"/f\" 6F5902AC237024BDD0C176CB93063DC4", "213 MD5 9-", "250"} {
		f.Add(s, "/f")
	}
	f.Fuzz(func(t *testing.T, text, path string) {
		r, err := parse(text + "\r\n")
		if err != nil {
			return
		}
		if h, ok := parseHash(r); ok && len(h.Sum) != sumSize(h.Algorithm) {
			t.Errorf("%q: %+v", text, h)
		}
		for _, a := range algorithms() {
			if sum, ok := parseSum(r, a.size, path); ok && len(sum) != a.size {
				t.Errorf("%q: %x", text, sum)
			}
		}
	})
}

// The size of a file that is known is not asked.
func TestHashPart(t *testing.T) {
	s := script(t, append(offering("XMD5"), ftptest.Exchange("TYPE I", "200 ok\r\n"),
		ftptest.Exchange("XMD5 /f 1 2", "250 "+hex.EncodeToString(sumOf("MD5", []byte("e")))+"\r\n"),
		ftptest.Exchange("XMD5 /f 2 7", "250 "+hex.EncodeToString(sumOf("MD5", []byte("llo w")))+"\r\n"))...)
	c := dial(t, s)
	d, err := c.HashPart(t.Context(), "/f", HashRange{Offset: 2, Length: 5}, 12)
	if err != nil || string(d.Sum) != string(sumOf("MD5", []byte("llo w"))) {
		t.Errorf("%v, %v", d, err)
	}
	for _, part := range []HashRange{{}, {Offset: 8, Length: 5}, {Offset: -1, Length: 5}} {
		if _, err := c.HashPart(t.Context(), "/f", part, 12); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%v: %v", part, err)
		}
	}
}
