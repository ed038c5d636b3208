//go:build servers

package connect_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portside/ftp"
	"portside/queue"
)

// names are file names that some program, somewhere, gets wrong.
func (r *rig) names() []string {
	names := []string{
		"plain.txt", "with space.txt", "two  spaces", " leading space", "it's.txt", `say "hi".txt`, "-rf", "--", "*", "[x]?",
		"größe.txt", "naïve café", "日本語.txt", "😀.txt", "a;b", "semi; colon=x;", "100%.txt", "#hash", ".hidden", "x -> y", "~tilde",
	}
	if !strings.HasPrefix(r.name, "pureftpd") { // which prohibits it
		names = append(names, `back\slash`)
	}
	if r.is("latin1") {
		names = slices.DeleteFunc(names, func(name string) bool { return strings.ContainsFunc(name, func(c rune) bool { return c > 0xff }) })
	}
	return names
}

func testList(t *testing.T, r *rig) {
	want := map[string]int64{}
	for i, name := range r.names() {
		r.seed(t, "list/"+name, noise(i*10, 1))
		want[name] = int64(i * 10)
	}
	r.seed(t, "list/dir/x", nil)
	got := map[string]int64{}
	for e, err := range r.q.List(t.Context(), r.at("list")) {
		switch {
		case err != nil:
			t.Fatal(err)
		case e.Raw != "":
			t.Errorf("unreadable row %q: %s", e.Raw, e.Reason)
		case e.Name == "dir":
			if e.Type != queue.Dir {
				t.Errorf("dir is a %s", e.Type)
			}
		case e.Type != queue.File:
			t.Errorf("%s is a %s", e.Name, e.Type)
		default:
			got[e.Name] = e.Size
			if age := time.Since(e.Time); age < -2*time.Minute || age > 10*time.Minute {
				t.Errorf("%s is of %s", e.Name, e.Time)
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	for _, err := range r.q.List(t.Context(), r.at("list/none")) {
		if err == nil {
			t.Error("a directory that is not there has entries")
		}
		return
	}
	t.Error("a directory that is not there seems empty")
}

func testGetPut(t *testing.T, r *rig) {
	data := noise(3<<20+17, 2)
	r.seed(t, "get/data.bin", data)
	r.seed(t, "get/empty", nil)
	write(t, filepath.Join(r.local, "put/data.bin"), data)
	write(t, filepath.Join(r.local, "put/empty"), nil)
	for _, name := range []string{"data.bin", "empty"} {
		r.get(t, "get/"+name, "got")
		r.put(t, "put/"+name, "get/up")
	}
	same(t, filepath.Join(r.disk, "get"), map[string]string{
		"data.bin": string(data), "empty": "", "up": dirMark, "up/data.bin": string(data), "up/empty": ""})
	same(t, filepath.Join(r.local, "got"), map[string]string{"data.bin": string(data), "empty": ""})
	if _, err := r.q.Stat(t.Context(), r.at("get/none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat of nothing: %v", err)
	}
}

func testChange(t *testing.T, r *rig) {
	ctx := t.Context()
	if err := r.q.Mkdir(ctx, r.at("change")); err != nil {
		t.Fatal(err)
	}
	if err := r.q.Mkdir(ctx, r.at("change")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Mkdir again: %v", err)
	}
	want := map[string]string{}
	for i, name := range r.names() {
		r.seed(t, "change/"+name, []byte(name))
		to := fmt.Sprintf("%s~%d", name, i)
		if err := r.q.Rename(ctx, r.at("change/"+name), r.at("change/"+to).Path); err != nil {
			t.Fatal(err)
		}
		want[to] = name
	}
	if err := r.q.Mkdir(ctx, r.at("change/-a \"dir\"")); err != nil {
		t.Fatal(err)
	}
	if err := r.q.Rename(ctx, r.at("change/-a \"dir\""), r.at("change/ü dir").Path); err != nil {
		t.Fatal(err)
	}
	want["ü dir"] = dirMark
	same(t, filepath.Join(r.disk, "change"), want)
	for name := range want {
		r.run(t, queue.Spec{Kind: queue.Delete, Src: r.at("change/" + name)})
	}
	same(t, filepath.Join(r.disk, "change"), map[string]string{})
}

func testTrees(t *testing.T, r *rig) {
	want := map[string]string{"empty dir": dirMark, "-d": dirMark, "-d/ü": dirMark, "-d/ü/[deep]": dirMark, "-d/ü/[deep]/zero": ""}
	for i, name := range r.names() {
		want[name] = string(noise(i*1000, 3))
		want["-d/ü/"+name] = name
	}
	root := filepath.Join(r.local, "tree/the tree")
	for name, text := range want {
		if text == dirMark {
			if err := os.MkdirAll(filepath.Join(root, name), 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		write(t, filepath.Join(root, name), []byte(text))
	}
	r.put(t, "tree/the tree", "trees")
	same(t, filepath.Join(r.disk, "trees/the tree"), want)
	r.get(t, "trees/the tree", "tree/back")
	same(t, filepath.Join(r.local, "tree/back/the tree"), want)
	r.run(t, queue.Spec{Kind: queue.Delete, Src: r.at("trees")})
	if _, err := os.Stat(filepath.Join(r.disk, "trees")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the deleted tree: %v", err)
	}
}

func testMany(t *testing.T, r *rig) {
	n := 50
	if !testing.Short() && r.mode == ftp.Passive && (r.name == r.program()+"-plain" || r.name == r.program()+"-tls" && r.tls == "1.3") {
		n = 1000 // once for each program, with TLS and without
	}
	want := map[string]string{}
	for i := range n {
		name := fmt.Sprintf("file %04d", i)
		want[name] = string(noise(i, uint64(i)))
		write(t, filepath.Join(r.local, "many", name), []byte(want[name]))
	}
	r.put(t, "many", "up")
	same(t, filepath.Join(r.disk, "up/many"), want)
	r.get(t, "up/many", "down")
	same(t, filepath.Join(r.local, "down/many"), want)
}
