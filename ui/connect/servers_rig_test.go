//go:build servers

package connect_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"portside/ftp"
	"portside/queue"
	"portside/queue/local"
	"portside/ui/connect"
)

// rig is a queue between a local directory and one of a server's, which the
// test also sees on its disk.
type rig struct {
	variant
	q     *queue.Queue
	log   *queue.Log
	addr  string // of the server
	base  string // the directory there
	disk  string // the same on this disk
	local string // the local directory
	owner *syscall.Stat_t
	gate  *gate
}

func newRig(t *testing.T, l lab, v variant) *rig {
	t.Helper()
	r := &rig{variant: v, local: t.TempDir(), log: queue.NewLog(200_000), gate: newGate()}
	dialer := r.dialer(t, l)
	r.q = queue.New(queue.Options{Local: gatedDisk{local.New(), r.gate}, Remote: dialer, Log: r.log, Retries: 3, Interactive: v.is("one"),
		Backoff: func(int) time.Duration { return 100 * time.Millisecond }})
	t.Cleanup(func() {
		if err := r.q.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			r.tail(t)
		}
	})
	var info queue.Info
	if err := patiently(func() (err error) {
		info, err = r.q.Connect(t.Context(), r.addr)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	want := "PLAIN"
	if v.tls != "" {
		want = "TLS " + v.tls
	}
	if info.Security != want {
		t.Fatalf("security is %q, want %s", info.Security, want)
	}
	r.settle(t, l, info.Home)
	return r
}

// patiently connects again while the server says that somebody else is there: it
// takes a moment to see that the session before is over.
func patiently(connect func() error) error {
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := connect()
		var reply *ftp.ReplyError
		if err == nil || !errors.As(err, &reply) || !reply.TooMany() || time.Now().After(end) {
			return err
		}
	}
}

// dialer opens sessions of the rig's variant.
func (r *rig) dialer(t *testing.T, l lab) *connect.Dialer {
	t.Helper()
	scheme := map[string]string{"plain": "ftp", "optional": "ftp", "tls": "ftpes", "implicit": "ftps"}[r.kind]
	settings := connect.Settings{Mode: r.mode, CA: l.ca, ClearData: r.bare, Timeout: 20 * time.Second}
	if r.tls == "1.2" && !r.is("noticket") {
		settings.TLSMax = r.tls
	}
	if r.clear {
		settings.TLS = "off"
	}
	if r.is("latin1") {
		settings.Charset = "latin1"
	}
	kind := map[bool]string{true: ";type=a"}[r.text]
	target, err := connect.Parse(scheme+"://"+l.user+"@"+net.JoinHostPort(r.host, r.port)+"/"+kind, settings)
	if err != nil {
		t.Fatal(err)
	}
	r.addr = target.Address
	d := connect.New(r.log)
	d.SetPassword(r.addr, l.password)
	if !r.epsv {
		if err := d.Remember(r.addr, ftp.Profile{Method: "PASV"}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// settle makes the rig's directory at the server.
func (r *rig) settle(t *testing.T, l lab, home string) {
	t.Helper()
	name := r.name + "-" + r.String()
	r.base, r.disk = path.Join(home, name), filepath.Join(l.data, name)
	r.theOwner(t, l)
	if err := os.RemoveAll(r.disk); err != nil {
		t.Fatal(err)
	}
	if err := r.q.Mkdir(t.Context(), r.at("")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(r.disk) })
}

// theOwner finds out who owns what servers write.
func (r *rig) theOwner(t *testing.T, l lab) {
	t.Helper()
	stat, err := os.Stat(l.data)
	if err != nil {
		t.Fatal(err)
	}
	r.owner = stat.Sys().(*syscall.Stat_t)
}

// tail prints the end of the connection log.
func (r *rig) tail(t *testing.T) {
	lines := r.log.Lines(0, 200_000)
	for _, l := range lines[max(0, len(lines)-60):] {
		t.Logf("%s %d%c %s", l.Time.Format("05.000"), l.Conn, l.Dir, l.Text)
	}
}

// at is a place in the server's directory, here one in the local directory.
func (r *rig) at(name string) queue.Place {
	return queue.Place{Address: r.addr, Path: path.Join(r.base, name)}
}

func (r *rig) here(name string) queue.Place {
	return queue.Place{Address: queue.Local, Path: filepath.Join(r.local, name)}
}

// seed writes a file into the server's directory, as the server's account.
func (r *rig) seed(t *testing.T, name string, data []byte) {
	t.Helper()
	p := filepath.Join(r.disk, name)
	write(t, p, data)
	for ; p != r.disk; p = filepath.Dir(p) {
		if err := os.Lchown(p, int(r.owner.Uid), int(r.owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
}

// own gives a file of the server's directory to the server's account.
func (r *rig) own(t *testing.T, name string) {
	t.Helper()
	if err := os.Lchown(filepath.Join(r.disk, name), int(r.owner.Uid), int(r.owner.Gid)); err != nil {
		t.Fatal(err)
	}
}

// run does one job to its good end and returns its row.
func (r *rig) run(t *testing.T, spec queue.Spec) queue.Row {
	t.Helper()
	defer r.q.Clear()
	row := r.wait(t, r.add(t, spec))
	for _, row := range r.q.Rows(0, 5000) {
		if row.State != queue.Done {
			t.Fatalf("%s %s is %s: %v", row.Kind, row.Src.Path, row.State, row.Failure)
		}
		if row.Attempt > 1 {
			t.Logf("%s %s took %d attempts", row.Kind, row.Src.Path, row.Attempt)
		}
	}
	return row
}

func (r *rig) add(t *testing.T, spec queue.Spec) queue.ID {
	t.Helper()
	ids, err := r.q.Add([]queue.Spec{spec})
	if err != nil {
		t.Fatal(err)
	}
	return ids[0]
}

// wait returns the row of a job once nothing waits or runs any more.
func (r *rig) wait(t *testing.T, id queue.ID) queue.Row {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for r.q.Totals().Active() {
		select {
		case <-r.q.Changed():
		case <-ctx.Done():
			t.Fatalf("no end: %+v, %+v", r.q.Totals(), r.q.Rows(0, 3))
		}
	}
	row, ok := r.q.Row(id)
	if !ok {
		t.Fatal("the job is gone")
	}
	return row
}

// get and put copy into a directory that is made if it is missing.
func (r *rig) get(t *testing.T, name, dir string) queue.Row {
	t.Helper()
	if err := os.MkdirAll(r.here(dir).Path, 0o755); err != nil {
		t.Fatal(err)
	}
	return r.run(t, queue.Spec{Kind: queue.Copy, Src: r.at(name), Dst: r.here(dir)})
}

func (r *rig) put(t *testing.T, name, dir string) queue.Row {
	t.Helper()
	if err := r.q.Mkdir(t.Context(), r.at(dir)); err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	return r.run(t, queue.Spec{Kind: queue.Copy, Src: r.here(name), Dst: r.at(dir)})
}
