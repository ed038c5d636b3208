package ftp

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"portside/ftp/ftptest"
)

// sets are the character sets that the tests go through.
var sets = []string{"gbk", "gb18030", "shift_jis", "big5", "euc-kr", "euc-jp", "windows-1251", "iso-8859-1", "windows-1252", "koi8-r", "cp437", "us-ascii"}

func set(t testing.TB, name string) *charset {
	t.Helper()
	cs, err := newCharset(name)
	if err != nil || cs == nil {
		t.Fatal(name, err)
	}
	return cs
}

func TestParseCharset(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "utf-8": "", "UTF8": "", "GBK": "gbk", " gb2312 ": "gbk", "sjis": "shift_jis", "cp932": "shift_jis", "cp949": "euc-kr",
		"latin1": "iso-8859-1", "ISO-8859-1": "iso-8859-1", "cp1252": "windows-1252", "cp437": "ibm437", "koi8-r": "koi8-r",
	} {
		if got, err := ParseCharset(name); got != want || err != nil {
			t.Errorf("%q is %q, %v", name, got, err)
		}
	}
	for name, why := range map[string]string{
		"klingon": "not a character set", "utf-7": "not a character set", "iso-2022-jp": "slash", "iso-2022-kr": "slash",
		"hz-gb-2312": "slash", "utf-16": "slash", "utf-16le": "slash", "ibm037": "slash", "replacement": "slash",
	} {
		if got, err := ParseCharset(name); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q is %q, %v", name, got, err)
		}
	}
}

func TestNamesInCharsets(t *testing.T) {
	for _, c := range []struct{ set, raw, shown string }{
		{"gbk", "/\xd6\xd0\xce\xc4/a", "/中文/a"},
		{"shift_jis", "/\x83\x5c", "/ソ"}, // the second byte is a backslash
		{"big5", "\xa4\xa4\xa4\xe5", "中文"},
		{"euc-kr", "\xc7\xd1", "한"},
		{"windows-1251", "\xcf\xf0\xe8", "При"},
		{"iso-8859-1", "K\xe4se \xff", "Käse ÿ"},
		{"iso-8859-1", "\x80", "\u0080"},
		{"cp437", "\x8e\x99\x9a", "ÄÖÜ"},
		{"gbk", "a\xff", "a\xff"},                        // no text: the bytes
		{"gbk", "\xff\xd6", "\xff\xff\xd6"},              // and those that look like a mark
		{"us-ascii", "Käse", "\xffKäse"},                 // UTF-8 where it must not be
		{"us-ascii", "/Käse/\xe4/b", "/\xffKäse/\xe4/b"}, // one by one
	} {
		cs := set(t, c.set)
		if got := cs.decode(c.raw); got != c.shown {
			t.Errorf("%s: %q is shown as %q, not %q", c.set, c.raw, got, c.shown)
		}
		if got, err := cs.encode(c.shown); got != c.raw || err != nil {
			t.Errorf("%s: %q is sent as %q, %v", c.set, c.shown, got, err)
		}
	}
	if _, err := set(t, "iso-8859-1").encode("/ok/文"); !errors.Is(err, fs.ErrInvalid) || !strings.Contains(err.Error(), "'文' cannot be said in iso-8859-1") {
		t.Error(err)
	}
	cs := set(t, "windows-1251")
	if got := cs.secret("пароль"); got != "\xef\xe0\xf0\xee\xeb\xfc" {
		t.Errorf("%q", got)
	}
	if got := cs.secret("密码"); got != "密码" {
		t.Errorf("%q", got)
	}
	if got := cs.text("550 \xcd\xe5\xf2"); got != "550 Нет" {
		t.Errorf("%q", got)
	}
	if got := set(t, "gbk").text("550 \xff"); got != "550 \xff" {
		t.Errorf("%q", got)
	}
}

// FuzzCharset: every name can be said back byte by byte, no two names look the
// same, and what a user types is sent as it was or refused.
func FuzzCharset(f *testing.F) {
	for i := range sets {
		f.Add(uint8(i), "/\xd6\xd0/\xffa/Käse/\x83\x5c\xe4\x81\x30\x81\x30")
		f.Add(uint8(i), "\xff")
		f.Add(uint8(i), "\xff\xffä/\ufffd/\u00a5~\\")
	}
	all := make([]*charset, len(sets))
	for i, name := range sets {
		all[i] = set(f, name)
	}
	f.Fuzz(func(t *testing.T, which uint8, raw string) {
		cs := all[int(which)%len(all)]
		shown := cs.decode(raw)
		back, err := cs.encode(shown)
		if err != nil || back != raw {
			t.Fatalf("%s: %q is shown as %q and sent as %q, %v", cs.name, raw, shown, back, err)
		}
		if strings.Count(shown, "/") != strings.Count(raw, "/") {
			t.Fatalf("%s: %q is another path: %q", cs.name, raw, shown)
		}
		for _, c := range []string{"\r", "\n", "\x00"} {
			if strings.Count(shown, c) != strings.Count(raw, c) {
				t.Fatalf("%s: %q hides %q: %q", cs.name, raw, c, shown)
			}
		}
		if !utf8.ValidString(raw) {
			return
		}
		sent, err := cs.encode(raw) // as if it had been typed
		if err == nil && strings.Count(sent, "/") != strings.Count(raw, "/") {
			t.Fatalf("%s: %q is sent as another path: %q", cs.name, raw, sent)
		}
	})
}

// D8: a server that writes GBK, and names that are none.
func TestCharsetOnTheWireD8(t *testing.T) {
	const name, odd = "\xd6\xd0\xce\xc4.txt", "\xffodd"
	tr := ftptest.NewTree()
	tr.WriteFile("/\xc4\xbf/"+name, []byte("text"), time.Time{})
	tr.WriteFile("/\xc4\xbf/"+odd, []byte("odd"), time.Time{})
	for _, noMLSD := range []bool{false, true} {
		s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoMLSD: noMLSD}})
		var log recorder
		c := dial(t, s, func(cfg *Config) { cfg.Charset, cfg.Trace = "gbk", log.trace() })
		ctx := t.Context()
		if got, err := names(ctx, c, "/目"); err != nil || !slices.Equal(got, []string{"中文.txt", "\xff\xffodd"}) {
			t.Fatalf("%q, %v", got, err)
		}
		if e, err := c.Stat(ctx, "/目/中文.txt"); err != nil || e.Name != "中文.txt" || e.Size != 4 {
			t.Errorf("%+v, %v", e, err)
		}
		if got, err := get(ctx, c, "/目/\xff\xffodd", 0); got != "odd" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		if err := c.Rename(ctx, "/目/中文.txt", "/目/新.txt"); err != nil {
			t.Error(err)
		}
		if err := c.Rename(ctx, "/目/新.txt", "/目/中文.txt"); err != nil {
			t.Error(err)
		}
		if err := put(ctx, c, "/目/加", "new", 0); err != nil {
			t.Error(err)
		}
		if err := c.Delete(ctx, "/目/加"); err != nil {
			t.Error(err)
		}
		_, err := get(ctx, c, "/目/没有", 0)
		if !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		for _, want := range []string{"RNFR /\xc4\xbf/" + name, "STOR /\xc4\xbf/\xbc\xd3", "DELE /\xc4\xbf/\xbc\xd3", "RETR /\xc4\xbf/\xffodd"} {
			if !slices.Contains(sent(s), want) {
				t.Errorf("%q was not sent: %q", want, sent(s))
			}
		}
		if all := strings.Join(sent(s), "\n"); strings.Contains(all, "OPTS UTF8") {
			t.Error("UTF-8 was asked for")
		}
		if !strings.Contains(log.text(), "DELE /目/加") {
			t.Errorf("the log does not read well:\n%q", log.text())
		}
	}
}

// A name that cannot be said keeps everything from the wire.
func TestNameBeyondTheCharset(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: ftptest.Demo()})
	c := dial(t, s, func(cfg *Config) { cfg.Charset = "windows-1251" })
	before := len(sent(s))
	ctx := t.Context()
	for what, err := range map[string]error{
		"mkdir":  c.MakeDir(ctx, "/文"),
		"rename": c.Rename(ctx, "/README.txt", "/文"),
		"put":    put(ctx, c, "/文", "x", 0),
		"list":   errOf(names(ctx, c, "/文")),
	} {
		if !errors.Is(err, fs.ErrInvalid) || !strings.Contains(err.Error(), "cannot be said in windows-1251") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if after := sent(s); len(after) != before {
		t.Errorf("sent %q", after[before:])
	}
	usable(t, c)
	if _, err := Dial(ctx, Config{Host: s.Host(), Port: s.Port(), Charset: "utf-16"}); err == nil || !strings.Contains(err.Error(), "slash") {
		t.Error(err)
	}
}

func errOf[T any](_ T, err error) error { return err }

// The log says once that names are not UTF-8, and how many.
func TestForeignNamesAreNoted(t *testing.T) {
	tr := ftptest.NewTree()
	tr.WriteFile("/K\xe4se", nil, time.Time{})
	tr.WriteFile("/W\xfcrfel", nil, time.Time{})
	tr.WriteFile("/Ärger", nil, time.Time{})
	s := serve(t, ftptest.Config{Tree: tr})
	var log recorder
	c := dial(t, s, func(cfg *Config) { cfg.Trace = log.trace() })
	for range 2 {
		if got, err := names(t.Context(), c, "/"); err != nil || !slices.Contains(got, "K\xe4se") {
			t.Fatal(got, err)
		}
	}
	if n := strings.Count(log.text(), "2 names are not written in UTF-8: --charset"); n != 1 {
		t.Errorf("said %d times:\n%s", n, log.text())
	}
	if err := c.Delete(t.Context(), "/K\xe4se"); err != nil {
		t.Error(err)
	}
	if !slices.Contains(sent(s), "OPTS UTF8 ON") {
		t.Error("UTF-8 was not asked for")
	}
}

// D9: two ways to write an accent are one name to a reader, and two to the
// server.
func TestNamesInTwoFormsD9(t *testing.T) {
	const composed, apart = "caf\u00e9", "cafe\u0301"
	if !sameName(composed, apart) || sameName("a", "b") || sameName(composed, "cafe") || sameName("\xe9", "\xe8") {
		t.Error("names are compared wrongly")
	}
	tr := ftptest.NewTree()
	tr.WriteFile("/d/"+composed, []byte("1"), time.Time{})
	tr.WriteFile("/d/"+apart, []byte("22"), time.Time{})
	tr.WriteFile("/only/"+apart, []byte("333"), time.Time{})
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoMLSD: true, NoSIZE: true}})
	c := dial(t, s)
	if got, err := names(t.Context(), c, "/d"); err != nil || !slices.Equal(got, []string{apart, composed}) {
		t.Errorf("%q, %v", got, err)
	}
	for path, size := range map[string]int64{"/d/" + composed: 1, "/d/" + apart: 2, "/only/" + composed: 3} {
		if e, err := c.Stat(t.Context(), path); err != nil || e.Size != size {
			t.Errorf("%q: %+v, %v", path, e, err)
		}
	}
}
