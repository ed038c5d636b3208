package theme

import (
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWithoutColourNothingIsColoured(t *testing.T) {
	v := reflect.ValueOf(*New(Options{NoColor: true}))
	colour := regexp.MustCompile(`\x1b\[([\d;]*;)?(3|4|9|10)\d`)
	for i := range v.NumField() {
		if s := v.Field(i).String(); colour.MatchString(s) {
			t.Errorf("%s = %q", v.Type().Field(i).Name, s)
		}
	}
	if New(Options{NoColor: true}).Cursor == "" {
		t.Error("the cursor cannot be seen")
	}
}

func TestASCIIHasNoOtherGlyphs(t *testing.T) {
	v := reflect.ValueOf(*New(Options{ASCII: true}))
	for i := range v.NumField() {
		if s := v.Field(i).String(); len(s) != utf8.RuneCountInString(s) {
			t.Errorf("%s = %q", v.Type().Field(i).Name, s)
		}
	}
}

func TestBar(t *testing.T) {
	glyphs, ascii := New(Options{}), New(Options{ASCII: true})
	tests := []struct{ got, want string }{
		{glyphs.Bar(62, 100, 10), "██████░░░░"},
		{ascii.Bar(62, 100, 10), "[####....]"},
		{glyphs.Bar(0, 0, 4), "████"},
		{glyphs.Bar(999999, 1000000, 4), "███░"},
		{glyphs.Bar(5, -1, 4), "    "},
		{glyphs.Bar(-5, 10, 4), "░░░░"},
		{glyphs.Bar(20, 10, 4), "████"},
		{glyphs.Bar(math.MaxInt64-1, math.MaxInt64, 4), "███░"},
		{ascii.Bar(1, 2, 2), "  "},
		{glyphs.Bar(1, 2, 0), ""},
		{glyphs.Bar(1, 2, -1), ""},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestPaint(t *testing.T) {
	th := New(Options{NoColor: true})
	if got := th.Paint(th.Dir, "x"); got != "x" {
		t.Errorf("%q", got)
	}
	if got := th.Paint(th.Bold, "x"); got != "\x1b[1mx\x1b[m" {
		t.Errorf("%q", got)
	}
	if strings.Repeat("─", 3) != th.Line(3) || th.Line(-1) != "" {
		t.Error("line")
	}
}
