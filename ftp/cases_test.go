package ftp

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// hostile is one thing that a server, a network, a listing or a disk does to a
// client in the world, and the test that shows what comes of it here.
type hostile struct {
	id   string // letter and number, as the test's comment and commits name it
	what string // what happens
	test string // "TestName" of this package, "folder.TestName" of another; several with a space
	left string // why there is no test, where there is none
}

// checkCases makes sure that every id from 1 on stands in cases once (gaps
// excepted), and that its tests exist.
func checkCases(t *testing.T, letter string, last int, gaps []int, cases []hostile) {
	t.Helper()
	missing := map[string]bool{}
	for n := 1; n <= last; n++ {
		missing[fmt.Sprint(letter, n)] = true
	}
	for _, n := range gaps {
		delete(missing, fmt.Sprint(letter, n))
	}
	for _, c := range cases {
		if !missing[c.id] {
			t.Errorf("%s is unknown, or stands here twice", c.id)
		}
		delete(missing, c.id)
		if (c.test == "") == (c.left == "") {
			t.Errorf("%s has to name a test, or say why there is none", c.id)
		}
		for name := range strings.FieldsSeq(c.test) {
			if !testExists(t, name) {
				t.Errorf("%s names %s, which is not there", c.id, name)
			}
		}
	}
	for id := range missing {
		t.Errorf("%s is missing", id)
	}
}

// testExists reports whether a test function is there.
func testExists(t *testing.T, name string) bool {
	t.Helper()
	dir, function, other := strings.Cut(name, ".")
	if !other {
		dir, function = "ftp", name
	}
	dir = map[string]string{
		"ftp": ".", "listing": "listing", "pane": "../ui/pane", "connect": "../ui/connect", "cli": "../ui/cli", "text": "../ui/text",
		"queue": "../queue", "local": "../queue/local", "queuetest": "../queue/queuetest",
	}[dir]
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || dir == "" {
		return false
	}
	declared := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(function) + `\(`)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if declared.Match(src) {
			return true
		}
	}
	return false
}
