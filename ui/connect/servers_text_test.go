//go:build servers

package connect_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/queue"
)

// TestTextAtServers copies text both ways. vsftpd takes TYPE A here and sends
// files as they are; Pure-FTPd puts a CR in front of every LF, of one with a CR
// too, and takes every CR out of what it is sent.
func TestTextAtServers(t *testing.T) {
	l := theLab(t)
	for _, s := range l.servers {
		if s.is("noticket") || s.is("one") || s.is("nat") {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			v := s.variants()[0]
			v.text = true
			testText(t, newRig(t, l, v))
		})
	}
}

func testText(t *testing.T, r *rig) {
	long := strings.Repeat("a line of text\nand\ra CR in another\n\n", 50_000)
	asItIs, pure := strings.HasPrefix(r.name, "vsftpd"), strings.HasPrefix(r.name, "pureftpd")
	for name, want := range map[string]string{"unix.txt": long, "dos.txt": "a\r\nb\r\n", "empty.txt": "", "none.txt": "no end"} {
		r.seed(t, name, []byte(want))
		row := r.get(t, name, "got")
		if !pure {
			want = strings.ReplaceAll(want, "\r\n", "\n")
		}
		got, err := os.ReadFile(filepath.Join(r.local, "got", name))
		if err != nil || string(got) != want || row.Note != "as text: sizes do not compare" {
			t.Errorf("%s: %d bytes for %d, %v, noted %q", name, len(got), len(want), err, row.Note)
		}
	}
	for name, sent := range map[string]string{"up.txt": long, "updos.txt": "a\r\nb\r\n"} {
		write(t, filepath.Join(r.local, name), []byte(sent))
		r.put(t, name, "put")
		want := strings.ReplaceAll(sent, "\r\n", "\n")
		switch {
		case asItIs:
			want = strings.ReplaceAll(want, "\n", "\r\n")
		case pure:
			want = strings.ReplaceAll(want, "\r", "")
		}
		if got, err := os.ReadFile(filepath.Join(r.disk, "put", name)); err != nil || string(got) != want {
			t.Errorf("%s: %d bytes for %d, %v", name, len(got), len(want), err)
		}
	}
}

// TestOldTimesAtServers copies a directory of old files, whose times some
// servers list by the day.
func TestOldTimesAtServers(t *testing.T) {
	l := theLab(t)
	for _, s := range l.servers {
		if !strings.HasPrefix(s.name, "vsftpd") && !strings.HasPrefix(s.name, "pureftpd") || s.is("one") || s.is("nat") {
			continue
		}
		for _, v := range s.variants() {
			t.Run(s.name+" "+v.String(), func(t *testing.T) { testOldTimes(t, newRig(t, l, v)) })
		}
	}
}

func testOldTimes(t *testing.T, r *rig) {
	when := time.Date(2019, 3, 4, 23, 45, 56, 0, time.UTC)
	names := strings.Fields("a b c d e f g h")
	for _, name := range names {
		r.seed(t, "old/"+name, []byte(name))
		if err := os.Chtimes(filepath.Join(r.disk, "old", name), when, when); err != nil {
			t.Fatal(err)
		}
	}
	r.run(t, queue.Spec{Kind: queue.Copy, Src: r.at("old"), Dst: r.here("")})
	for _, name := range names {
		if st, err := os.Stat(filepath.Join(r.local, "old", name)); err != nil || !st.ModTime().Equal(when) {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
}
