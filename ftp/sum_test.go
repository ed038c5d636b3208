package ftp

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portside/ftp/ftptest"
)

// The checksum of an upload is compared before it gets its name, together with
// what else is asked for then, by the command that the server has.
func TestLandSum(t *testing.T) {
	const set = "MFMT 20240203040506 /.part"
	all := []string{"SIZE /.part", set, "SIZE /final", "RNFR /.part", "RNTO /final"}
	refused := map[string]string{"HASH": "550 Not now."}
	for _, tt := range []struct {
		name     string
		sums     ftptest.Sums
		refuse   map[string]string
		required bool
		by       string
		sent     []string // for the checksum
		equal    bool
		refused  bool
		err      bool
	}{
		{name: "HASH", sums: ftptest.Sums{Offers: []string{"HASH SHA-1*;SHA-256;MD5", "XCRC"}}, by: "SHA-256", sent: []string{"OPTS HASH SHA-256", "HASH /.part"}, equal: true},
		{name: "HASH in use", sums: ftptest.Sums{Offers: []string{"HASH SHA-1*;MD5"}}, by: "SHA-1", sent: []string{"HASH /.part"}, equal: true},
		{name: "XSHA256", sums: ftptest.Sums{Offers: []string{"XMD5", "XSHA256"}}, by: "SHA-256", sent: []string{"XSHA256 /.part"}, equal: true},
		{name: "XCRC", sums: ftptest.Sums{Offers: []string{"XMD5", "XCRC"}}, by: "CRC32", sent: []string{"XCRC /.part"}, equal: true},
		{name: "XMD5", sums: ftptest.Sums{Offers: []string{"XMD5"}}, by: "MD5", sent: []string{"XMD5 /.part"}, equal: true},
		{name: "lie", sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}, Lie: true}, by: "SHA-256", sent: []string{"HASH /.part"}, err: true},
		{name: "refused", sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}, Above: 3}, by: "SHA-256", sent: []string{"HASH /.part"}, refused: true},
		{name: "refused and required", sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}}, refuse: refused, required: true, by: "SHA-256",
			sent: []string{"HASH /.part"}, err: true},
		{name: "not known after all", sums: ftptest.Sums{Offers: []string{"HASH SHA-256*", "XSHA256"}}, refuse: map[string]string{"HASH": "502 What?"}, by: "SHA-256",
			sent: []string{"HASH /.part", "XSHA256 /.part"}, equal: true},
		{name: "by another algorithm", sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}, Other: "MD5"}, by: "SHA-256",
			sent: []string{"HASH /.part", "HASH /.part"}, refused: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Sums: tt.sums, Refuse: tt.refuse}})
			c := dial(t, s)
			c.know.learn(func(p *Profile) { p.Pipeline = Works })
			if by := c.SumBy(); by != tt.by {
				t.Fatalf("by %s", by)
			}
			sum := &Checksum{Digest: Digest{Algorithm: tt.by, Sum: sumOf(tt.by, []byte("data"))}, Required: tt.required}
			got, err := land(t, s, c, func(l *Landing) { l.Sum = sum })
			var unequal *SumError
			if (err != nil) != tt.err || errors.As(err, &unequal) != tt.sums.Lie || sum.Equal != tt.equal || (sum.Refused != nil) != tt.refused {
				t.Errorf("%v; equal %t, refused %v", err, sum.Equal, sum.Refused)
			}
			if tt.sums.Lie && (bytes.Equal(unequal.Got, unequal.Want) || !strings.Contains(unequal.Error(), "SHA-256")) {
				t.Error(unequal)
			}
			var asked, rest []string
			for _, line := range got {
				if strings.Contains(line, "HASH") || strings.HasPrefix(line, "X") {
					asked = append(asked, line)
				} else {
					rest = append(rest, line)
				}
			}
			want := all
			if tt.err {
				want = all[:3] // and not renamed
			}
			if d := cmp.Diff(want, rest); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			if d := cmp.Diff(tt.sent, asked); d != "" {
				t.Errorf("asked for the checksum: -want +got:\n%s", d)
			}
		})
	}
}

// A server that is not known to bear bursts is asked for the checksum by
// itself, and so is one that has much to read.
func TestSumByItself(t *testing.T) {
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"HASH SHA-1;SHA-256*"}}}})
	c := dial(t, s)
	sum := &Checksum{Digest: Digest{Algorithm: "SHA-256", Sum: sumOf("SHA-256", []byte("data"))}}
	got, err := land(t, s, c, func(l *Landing) { l.Sum = sum })
	want := []string{"SIZE /.part", "MFMT 20240203040506 /.part", "SIZE /final", "HASH /.part", "RNFR /.part", "RNTO /final"}
	if d := cmp.Diff(want, got); d != "" || err != nil || !sum.Equal {
		t.Errorf("%v, equal %t, -want +got:\n%s", err, sum.Equal, d)
	}
	got2, err := c.Sum(t.Context(), "/final", "SHA-1", 4)
	if err != nil || !bytes.Equal(got2, sumOf("SHA-1", []byte("data"))) {
		t.Errorf("%x %v", got2, err)
	}
	if _, err = c.Sum(t.Context(), "/final", "CRC32", 4); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	usable(t, c)
}

// A server without checksums has no algorithm.
func TestNoSums(t *testing.T) {
	c := dial(t, serve(t, ftptest.Config{}))
	if by := c.SumBy(); by != "" {
		t.Error(by)
	}
}
