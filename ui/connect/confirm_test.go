package connect

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp"
	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

// impatient opens a session whose waits are short, and returns its log.
func impatient(t *testing.T, addr string) (queue.FS, *queue.Log, string, *Dialer) {
	t.Helper()
	target, err := Parse("ftp://demo@"+addr, Settings{Timeout: 300 * time.Millisecond, TLS: "off"})
	if err != nil {
		t.Fatal(err)
	}
	log := queue.NewLog(1000)
	d := New(log)
	d.SetPassword(target.Address, "demo")
	s, err := d.Dial(t.Context(), target.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, log, target.Address, d
}

// start starts a server with one file at /f.
func start(t *testing.T, q ftptest.Quirks) (*ftptest.Server, string) {
	t.Helper()
	tree, data := ftptest.NewTree(), strings.Repeat("0123456789", 10_000)
	tree.WriteFile("/f", []byte(data), time.Unix(1e9, 0))
	srv, err := ftptest.Start(ftptest.Config{Tree: tree, Quirks: q})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	return srv, data
}

// fetch reads /f from offset on.
func fetch(t *testing.T, s queue.FS, offset int64) (string, io.ReadCloser, error) {
	t.Helper()
	r, err := s.Open(t.Context(), "/f", offset)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	return string(data), r, errors.Join(err, r.Close())
}

// B16: the control connection is forgotten while a download runs. All bytes
// came, so nothing is sent again.
func TestDownloadIsConfirmedBySizeB16(t *testing.T) {
	srv, data := start(t, ftptest.Quirks{HideReply226: true})
	s, log, _, _ := impatient(t, srv.Addr())
	for _, offset := range []int64{0, 1000} {
		got, r, err := fetch(t, s, offset)
		if err != nil || got != data[offset:] {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		if note := r.(queue.Noter).Note(); note != confirmed {
			t.Errorf("the note is %q", note)
		}
		if err := r.Close(); err != nil || !s.Alive() {
			t.Errorf("closed twice: %v", err)
		}
		if _, err := s.Stat(t.Context(), "/f"); err != nil {
			t.Error(err)
		}
	}
	if n := srv.Sessions(); n != 3 {
		t.Errorf("%d sessions", n)
	}
	var said int
	for _, l := range log.Lines(0, 1000) {
		if strings.Contains(l.Text, "all of its 100000 bytes") {
			said++
		}
	}
	if said != 2 {
		t.Errorf("the log says so %d times", said)
	}
}

// What is not whole, or cannot be asked for, stays a failed attempt.
func TestDownloadIsNotConfirmedB16(t *testing.T) {
	for name, q := range map[string]ftptest.Quirks{
		"cut":     {HideReply226: true, Truncate: true, TruncateAfter: 5000},
		"no SIZE": {HideReply226: true, NoSIZE: true},
	} {
		srv, _ := start(t, q)
		s, _, _, _ := impatient(t, srv.Addr())
		_, r, err := fetch(t, s, 0)
		if !errors.Is(err, ftp.ErrNoVerdict) || queue.FailureOf(err).Class != queue.ClassAttempt || r.(queue.Noter).Note() != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	srv, _ := start(t, ftptest.Quirks{HideReply226: true})
	s, _, _, _ := impatient(t, srv.Addr())
	srv.SetQuirks(ftptest.Quirks{HideReply226: true, Refuse: map[string]string{"USER": "530 Too many users."}})
	if _, _, err := fetch(t, s, 0); !errors.Is(err, ftp.ErrNoVerdict) || s.Alive() {
		t.Errorf("no second session: %v", err)
	}
}

// B16: the control connection is reset while data still comes.
func TestResetControlIsConfirmedB16(t *testing.T) {
	data := strings.Repeat("x", 100_000)
	for size, good := range map[string]bool{"100000": true, "100001": false} {
		srv, err := ftptest.Scripts(
			[]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"),
				ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"), ftptest.SendData(data), ftptest.Reset()},
			[]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("SIZE /f", "213 "+size+"\r\n")},
		)
		if err != nil {
			t.Fatal(err)
		}
		s, _, _, _ := impatient(t, srv.Addr())
		got, _, err := fetch(t, s, 0)
		if (err == nil) != good || got != data {
			t.Errorf("size %s: %d bytes, %v", size, len(got), err)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	}
}

// B16: an upload is confirmed likewise, and its time and name are set on the
// new session.
func TestUploadIsConfirmedBySizeB16(t *testing.T) {
	srv, data := start(t, ftptest.Quirks{HideReply226: true})
	s, _, _, _ := impatient(t, srv.Addr())
	when := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	w, err := s.Create(t.Context(), "/.up.part", 0, queue.Commit{Final: "/up", Size: int64(len(data)), Time: when})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil || w.(queue.Noter).Note() != confirmed {
		t.Fatalf("%v, %q", err, w.(queue.Noter).Note())
	}
	e, err := s.Stat(t.Context(), "/up")
	if err != nil || e.Size != int64(len(data)) || !e.Time.Equal(when) {
		t.Errorf("%+v, %v", e, err)
	}
	if got, err := srv.Tree().ReadFile("/up"); err != nil || string(got) != data {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// The row of the job says how it was found to be whole.
func TestConfirmedInTheRow(t *testing.T) {
	srv, data := start(t, ftptest.Quirks{HideReply226: true})
	_, _, address, d := impatient(t, srv.Addr())
	q := queue.New(queue.Options{Local: local.New(), Remote: d, Retries: 1})
	defer func() { _ = q.Close() }()
	dir := t.TempDir()
	ids, err := q.Add([]queue.Spec{{Kind: queue.Copy, Src: queue.Place{Address: address, Path: "/f"}, Dst: queue.Place{Address: queue.Local, Path: dir}, Exists: queue.ExistsFail}})
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, ok := q.Row(ids[0])
		if !ok {
			t.Fatal("the row is gone")
		}
		if row.State == queue.Done || row.State == queue.Failed {
			if row.State != queue.Done || row.Note != confirmed || row.Attempt > 1 {
				t.Errorf("%+v", row)
			}
			break
		}
		<-q.Changed()
	}
	if got, err := os.ReadFile(filepath.Join(dir, "f")); err != nil || string(got) != data {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
