package cli

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// D2: a server that lists what is no name writes nothing outside of the target;
// the rest arrives, and what was left out is told, with the status of success.
func TestHostileNamesOfATreeD2(t *testing.T) {
	tr := ftptest.NewTree()
	tr.WriteFile("/dir/fine", []byte("fine"), noon())
	hostile := "type=file;size=1; ../up\r\ntype=file;size=1; /etc/x\r\ntype=file;size=1; a/b\r\ntype=file;size=1; .\r\ntype=dir; ..\r\n" +
		"type=file;size=1; \r\ntype=file;size=1; z\x00\r\ntype=dir; ../../d\r\nnonsense\r\ntype=OS.unix=chr-1/3; null\r\ntype=file;size=4; fine\r\n"
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Listing: func(_, dir string) io.Reader {
		if dir == "/dir" {
			return strings.NewReader(hostile)
		}
		return nil
	}}})
	above := t.TempDir()
	dir := filepath.Join(above, "into")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r := newWorld(t).run("get", at(s, "dir"), dir)
	if r.status != 0 {
		t.Errorf("status %d", r.status)
	}
	for _, want := range []string{
		"portside: dir/type=file;size=1; ../up and 3 more were skipped: cannot be read: the name is a path\n",
		"was skipped: cannot be read: the name holds a zero byte", "portside: dir/null was skipped: a device, a pipe or a socket\n",
		"portside: dir/type=file;size=1;  and 1 more were skipped: cannot be read: the row could not be read",
	} {
		if !strings.Contains(r.errors, want) {
			t.Errorf("not told: %q\n%s", want, r.errors)
		}
	}
	var got []string
	err := filepath.WalkDir(above, func(path string, _ os.DirEntry, err error) error {
		rel, _ := filepath.Rel(above, path)
		got = append(got, filepath.ToSlash(rel))
		return err
	})
	if want := []string{".", "into", "into/dir", "into/dir/fine"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	r = newWorld(t).run("get", "-q", "--exists", "skip", at(s, "dir"), dir)
	r.want(t, 0) // and nothing said
	r = newWorld(t).run("get", "-q", "--json", "--exists", "skip", at(s, "dir"), dir)
	if !strings.Contains(r.out, `"state":"skipped"`) || !strings.Contains(r.out, `"note":"cannot be read: the name is a path"`) {
		t.Error(r.out)
	}
	r = newWorld(t).run("ls", at(s, "dir"))
	if r.status != 0 || !strings.Contains(r.out, "?  type=file;size=1; ../up\n") || !strings.Contains(r.errors, "rows of the listing could not be read") {
		t.Errorf("%d %s\n%s", r.status, r.out, r.errors)
	}
	if r = newWorld(t).run("ls", "--json", at(s, "dir")); !strings.Contains(r.out, `{"raw":"type=file;size=1; a/b"}`) || !strings.Contains(r.out, `"name":"fine"`) {
		t.Error(r.out)
	}
}

// Names of a server's own character set arrive as text, and go back as its
// bytes.
func TestCharsetOfNames(t *testing.T) {
	tr := ftptest.NewTree()
	tr.WriteFile("/\xd6\xd0\xce\xc4/K\xff", []byte("odd"), noon())
	tr.WriteFile("/\xd6\xd0\xce\xc4/\xb0\xa1.txt", []byte("text"), noon())
	s := serve(t, ftptest.Config{Tree: tr})
	w, dir := newWorld(t), t.TempDir()
	w.run("get", "-q", "--charset", "gbk", at(s, "%E4%B8%AD%E6%96%87"), dir).want(t, 0)
	if got := files(t, filepath.Join(dir, "中文")); !slices.Equal(got, []string{"K\xff", "啊.txt"}) {
		t.Errorf("%q", got)
	}
	w.run("put", "-q", "--charset", "gbk", write(t, filepath.Join(dir, "新"), "new"), at(s, "%E4%B8%AD%E6%96%87")).want(t, 0)
	if body, err := tr.ReadFile("/\xd6\xd0\xce\xc4/\xd0\xc2"); err != nil || string(body) != "new" {
		t.Errorf("%q, %v", body, err)
	}
	w.run("put", "-q", "--charset", "gbk", write(t, filepath.Join(dir, "\U0001f600"), "new"), at(s, "")).
		want(t, 1, "cannot be said in gbk, the character set of this server")
}
