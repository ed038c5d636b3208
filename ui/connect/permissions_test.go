package connect

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
)

// permit copies files down or up with their permission bits, or without, and
// returns their rows.
func (b *bench) permit(t *testing.T, up, modes bool, names ...string) []queue.Row {
	t.Helper()
	var specs []queue.Spec
	for _, name := range names {
		there, here := queue.Place{Address: b.address, Path: "/" + name}, queue.Place{Address: queue.Local, Path: filepath.Join(b.dir, name)}
		spec := queue.Spec{Kind: queue.Copy, Src: there, Dst: queue.Place{Address: queue.Local, Path: b.dir}, Permissions: modes}
		if up {
			spec.Src, spec.Dst = here, queue.Place{Address: b.address, Path: "/"}
		}
		specs = append(specs, spec)
	}
	ids, err := b.q.Add(specs)
	if err != nil {
		t.Fatal(err)
	}
	for b.q.Totals().Active() {
		<-b.q.Changed()
	}
	var rows []queue.Row
	for _, id := range ids {
		r, _ := b.q.Row(id)
		rows = append(rows, r)
	}
	return rows
}

// Permission bits come along when they are asked for, by whatever command the
// server has, and nothing that makes a program run as somebody else does.
func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are none")
	}
	refuse := map[string]string{"SITE": "502 What?"}
	for name, tt := range map[string]struct {
		quirks ftptest.Quirks
		modes  bool
		want   fs.FileMode
		sent   string
	}{
		"asked":         {ftptest.Quirks{}, true, 0o751, "SITE CHMOD 751 /.f.portside"},
		"not asked":     {ftptest.Quirks{}, false, 0o644, ""},
		"by MFF":        {ftptest.Quirks{Refuse: refuse}, true, 0o751, "MFF UNIX.mode=0751; /.f.portside"},
		"not known":     {ftptest.Quirks{Refuse: refuse, NoMFF: true}, true, 0o644, "SITE CHMOD"},
		"not permitted": {ftptest.Quirks{Refuse: map[string]string{"SITE": "550 Never."}}, true, 0o644, "SITE CHMOD"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, ftptest.Config{Quirks: tt.quirks})
			for _, f := range []string{"f", "g"} {
				if err := os.WriteFile(filepath.Join(b.dir, f), []byte("x"), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(filepath.Join(b.dir, f), 0o751|fs.ModeSetuid); err != nil {
					t.Fatal(err)
				}
			}
			notes := 0
			for _, f := range []string{"f", "g"} {
				r := b.permit(t, true, tt.modes, f)[0]
				if r.State != queue.Done {
					t.Fatalf("%s %v", r.State, r.Failure)
				}
				if strings.Contains(r.Note, "permissions are not set") {
					notes++
				}
				if st, err := b.srv.Tree().Stat("/" + f); err != nil || st.Mode().Perm() != tt.want {
					t.Errorf("%v, %v", st.Mode(), err)
				}
			}
			if want := map[bool]int{true: 1}[tt.modes && tt.want == 0o644]; notes != want {
				t.Errorf("said %d times", notes)
			}
			if sent := b.sent(tt.sent); tt.sent != "" && len(sent) == 0 || !tt.modes && len(b.sent("SITE CHMOD")) > 0 {
				t.Errorf("sent %q", b.sent(""))
			}
		})
	}
	for _, modes := range []bool{true, false} {
		t.Run(fmt.Sprint("down, asked ", modes), func(t *testing.T) {
			tr := ftptest.NewTree()
			tr.WriteFile("/f", []byte("x"), time.Unix(1e9, 0))
			tr.Chmod("/f", 0o751|fs.ModeSetuid)
			b := newBench(t, ftptest.Config{Tree: tr})
			if r := b.permit(t, false, modes, "f")[0]; r.State != queue.Done {
				t.Fatalf("%s %v", r.State, r.Failure)
			}
			st, err := os.Stat(filepath.Join(b.dir, "f"))
			if err != nil || (st.Mode() == 0o751) != modes || st.Mode()&fs.ModeSetuid != 0 {
				t.Errorf("%v, %v", st.Mode(), err)
			}
		})
	}
}
