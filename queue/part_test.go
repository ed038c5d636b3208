package queue

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func someRecord() *record {
	p := &part{size: 5 << 30, time: time.Date(2026, 5, 5, 5, 5, 5, 123456789, time.UTC), prec: Minute, adopted: true}
	r := newRecord(Place{Address: "ftp://demo@example.com:21?timeout=3s", Path: "/pub/a file.iso"}, p)
	r.Spans = [][2]int64{{0, 10}, {10, 20}, {4 << 30, 5 << 30}}
	return r
}

func TestRecordRoundTrip(t *testing.T) {
	r := someRecord()
	if r.Source != "ftp://demo@example.com:21 /pub/a file.iso" {
		t.Error(r.Source)
	}
	data, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := parseRecord(data)
	if err != nil || !reflect.DeepEqual(got, r) {
		t.Fatalf("%v: %+v, not %+v", err, got, r)
	}
	want := part{size: 5 << 30, time: r.Time, prec: Minute, adopted: true}
	if p := got.part(); !reflect.DeepEqual(*p, want) {
		t.Errorf("%+v", p)
	}
	// A time that is not known is absent, and comes back so.
	r.Time = time.Time{}
	data, err = r.encode()
	if got, perr := parseRecord(data); err != nil || perr != nil || !got.Time.IsZero() || strings.Contains(string(data), "time") {
		t.Errorf("%v %v: %s", err, perr, data)
	}
}

// A record that is torn anywhere, or one byte of which is another, is none, or
// one that still means something possible: never a panic, never nonsense.
func TestRecordTorn(t *testing.T) {
	data, err := someRecord().encode()
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(data) - 1 { // the last byte ends the line, no more
		if _, err := parseRecord(data[:n]); err == nil {
			t.Errorf("%q is taken for a record", data[:n])
		}
	}
	for i := range data {
		for bit := range 8 {
			b := []byte(string(data))
			b[i] ^= 1 << bit
			if r, err := parseRecord(b); err == nil {
				sound(t, r)
			}
		}
	}
}

func sound(t *testing.T, r *record) {
	t.Helper()
	end := int64(0)
	for _, s := range r.Spans {
		if s[0] < end || s[1] <= s[0] || s[1] > r.Size {
			t.Errorf("spans %v of %d", r.Spans, r.Size)
		}
		end = s[1]
	}
	if r.Version != 1 || r.Size < 0 || len(r.Spans) > maxSpans || !strings.Contains(r.Source, " ") {
		t.Errorf("%+v", r)
	}
}

func TestRecordHostile(t *testing.T) {
	ok := `{"portside":1,"source":"ftp://h /p","size":100,"time":"2026-05-05T05:05:05Z","precision":"second"`
	if _, err := parseRecord([]byte(ok + `,"future":{"a":[1]}}`)); err != nil {
		t.Error("a word that is not known spoils it:", err)
	}
	for _, s := range []string{
		"", "null", "[]", "1", `"portside"`, "{}", ok, ok + "}}", ok + "}" + ok + "}", ok + "} x",
		strings.Replace(ok, "1", "2", 1) + "}", // newer
		strings.Replace(ok, "1", "0", 1) + "}",
		strings.Replace(ok, "100", "-1", 1) + "}",
		strings.Replace(ok, "100", "1e30", 1) + "}",
		strings.Replace(ok, "100", "99999999999999999999", 1) + "}",
		strings.Replace(ok, "ftp://h /p", "ftp://h", 1) + "}",
		strings.Replace(ok, "ftp://h /p", " /p", 1) + "}",
		strings.Replace(ok, "ftp://h /p", "a \xff", 1) + "}",
		strings.Replace(ok, "2026-05-05T05:05:05Z", "yesterday", 1) + "}",
		strings.Replace(ok, "second", "century", 1) + "}",
		ok + `,"spans":[[0,101]]}`, ok + `,"spans":[[5,5]]}`, ok + `,"spans":[[9,5]]}`, ok + `,"spans":[[-1,5]]}`,
		ok + `,"spans":[[0,10],[9,20]]}`, ok + `,"spans":"all"}`,
		ok + `,"x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 4999) + "}",
		ok + `,"x":"` + strings.Repeat("y", maxRecord) + `"}`,
	} {
		if r, err := parseRecord([]byte(s)); err == nil {
			t.Errorf("%.120s is taken for %+v", s, r)
		}
	}
	many := someRecord()
	many.Spans, many.Size = nil, 1<<62
	for i := range int64(maxSpans + 1) {
		many.Spans = append(many.Spans, [2]int64{i * 2, i*2 + 1})
	}
	if _, err := many.encode(); err == nil {
		t.Error("too many spans are written")
	}
	data, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseRecord(data); err == nil {
		t.Error("too many spans are read")
	}
	// As many as may be fit, however large the file is.
	many.Spans = nil
	for i := range int64(maxSpans) {
		many.Spans = append(many.Spans, [2]int64{1<<61 + i*2, 1<<61 + i*2 + 1})
	}
	if data, err = many.encode(); err != nil {
		t.Fatal(err)
	}
	if _, err := parseRecord(data); err != nil {
		t.Error(err)
	}
}

func TestRecordName(t *testing.T) {
	if got := recordName("a.txt"); got != ".a.txt.portside.json" {
		t.Error(got)
	}
	seen := map[string]bool{}
	for n := 200; n < 300; n++ {
		for _, c := range "ab" {
			got := recordName(strings.Repeat("x", n) + string(c))
			if len(got) > maxName-1 || seen[got] || !strings.HasSuffix(got, ".portside.json") {
				t.Errorf("%d: %s", n, got)
			}
			seen[got] = true
		}
	}
}

func FuzzRecord(f *testing.F) {
	data, err := someRecord().encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"portside":1,"source":"a b","size":1,"precision":"day","spans":[[0,1]]}`))
	f.Add([]byte(`{"portside":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseRecord(data)
		if err != nil {
			return
		}
		sound(t, r)
		again, err := r.encode()
		if err != nil {
			return // longer as it is written than as it was read
		}
		back, err := parseRecord(again)
		if err != nil || fmt.Sprint(back) != fmt.Sprint(r) {
			t.Fatalf("%v: %s became %s", err, data, again)
		}
	})
}
