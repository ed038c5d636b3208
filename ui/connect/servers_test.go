//go:build servers

package connect_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portside/ftp"
	"portside/queue"
	"portside/queue/local"
	"portside/ui/connect"
)

// This suite runs every behaviour against real servers, in passive and in
// active mode, over IPv4 and IPv6, plain and with TLS. `.ci/servers start`
// starts them and names the table.

// lab is what the table says.
type lab struct {
	user, password, data, ca string
	servers                  []server
}

type server struct{ name, host, port, kind string }

func readTable(t *testing.T) lab {
	t.Helper()
	name := os.Getenv("PORTSIDE_SERVERS")
	if name == "" {
		t.Fatal("PORTSIDE_SERVERS does not name a table of servers: eval \"$(.ci/servers start)\"")
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var l lab
	settings := map[string]*string{"user": &l.user, "password": &l.password, "data": &l.data, "ca": &l.ca}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		switch w := strings.Fields(lines.Text()); {
		case len(w) == 3 && w[0] == "set" && settings[w[1]] != nil:
			*settings[w[1]] = w[2]
		case len(w) == 4:
			l.servers = append(l.servers, server{w[0], w[1], w[2], w[3]})
		default:
			t.Fatalf("%s: cannot read %q", name, lines.Text())
		}
	}
	if len(l.servers) == 0 || l.data == "" {
		t.Fatalf("%s names no servers", name)
	}
	return l
}

func TestServers(t *testing.T) {
	l := readTable(t)
	for _, s := range l.servers {
		for _, mode := range []ftp.Mode{ftp.Passive, ftp.Active} {
			t.Run(s.name+"/"+mode.String(), func(t *testing.T) { suite(t, newRig(t, l, s, mode)) })
		}
	}
}

// rig is a queue between a local directory and one of a server's, which the
// test also sees on its disk.
type rig struct {
	q      *queue.Queue
	log    *queue.Log
	server server
	mode   ftp.Mode
	addr   string // of the server
	base   string // the directory there
	disk   string // the same on this disk
	local  string // the local directory
	owner  *syscall.Stat_t
}

func newRig(t *testing.T, l lab, s server, mode ftp.Mode) *rig {
	t.Helper()
	scheme := map[string]string{"plain": "ftp", "tls": "ftpes", "implicit": "ftps"}[s.kind]
	settings := connect.Settings{Mode: mode, CA: l.ca, Timeout: 20 * time.Second}
	target, err := connect.Parse(scheme+"://"+l.user+"@"+net.JoinHostPort(s.host, s.port)+"/", settings)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{server: s, mode: mode, addr: target.Address, local: t.TempDir(), log: queue.NewLog(200_000)}
	dialer := connect.New(r.log)
	dialer.SetPassword(r.addr, l.password)
	r.q = queue.New(queue.Options{Local: local.New(), Remote: dialer, Log: r.log, Retries: 3,
		Backoff: func(int) time.Duration { return 100 * time.Millisecond }})
	t.Cleanup(func() {
		if err := r.q.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			r.tail(t)
		}
	})
	info, err := r.q.Connect(t.Context(), r.addr)
	if err != nil {
		t.Fatal(err)
	}
	if secure := info.Security != "PLAIN"; secure != (s.kind != "plain") {
		t.Fatalf("security is %q", info.Security)
	}
	name := s.name + "-" + mode.String()
	r.base, r.disk = path.Join(info.Home, name), filepath.Join(l.data, name)
	stat, err := os.Stat(l.data)
	if err != nil {
		t.Fatal(err)
	}
	r.owner = stat.Sys().(*syscall.Stat_t)
	if err := os.RemoveAll(r.disk); err != nil {
		t.Fatal(err)
	}
	if err := r.q.Mkdir(t.Context(), r.at("")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(r.disk) })
	return r
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

// run does one job to its end and returns its row.
func (r *rig) run(t *testing.T, spec queue.Spec) queue.Row {
	t.Helper()
	defer r.q.Clear()
	ids, err := r.q.Add([]queue.Spec{spec})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for r.q.Totals().Active() {
		select {
		case <-r.q.Changed():
		case <-ctx.Done():
			t.Fatalf("no end: %+v, %+v", r.q.Totals(), r.q.Rows(0, 3))
		}
	}
	for _, row := range r.q.Rows(0, 5000) {
		if row.State != queue.Done {
			t.Fatalf("%s %s is %s: %v", row.Kind, row.Src.Path, row.State, row.Failure)
		}
		if row.Attempt > 1 {
			t.Logf("%s %s took %d attempts", row.Kind, row.Src.Path, row.Attempt)
		}
	}
	row, ok := r.q.Row(ids[0])
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

func suite(t *testing.T, r *rig) {
	step := func(name string, f func(*testing.T, *rig)) {
		if !t.Failed() { // the log at the end shows the first failure
			t.Run(name, func(t *testing.T) { f(t, r) })
		}
	}
	step("list", testList)
	step("get and put", testGetPut)
	step("make, rename, delete", testChange)
	step("trees", testTrees)
	step("many small files", testMany)
	if strings.HasSuffix(r.server.name, "-plain") && r.mode == ftp.Passive {
		step("over 4 GiB", testHuge)
	} else {
		step("resume below 4 GiB", testResume)
	}
	step("mode", testMode)
}

// names are file names that some program, somewhere, gets wrong.
func (r *rig) names() []string {
	names := []string{
		"plain.txt", "with space.txt", "two  spaces", " leading space", "it's.txt", `say "hi".txt`, "-rf", "--", "*", "[x]?",
		"größe.txt", "naïve café", "日本語.txt", "😀.txt", "a;b", "semi; colon=x;", "100%.txt", "#hash", ".hidden", "x -> y", "~tilde",
	}
	if !strings.HasPrefix(r.server.name, "pureftpd") { // which prohibits it
		names = append(names, `back\slash`)
	}
	return names
}

func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
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
	want := map[string]string{}
	for i := range 1000 {
		name := fmt.Sprintf("file %04d", i)
		want[name] = string(noise(i, uint64(i)))
		write(t, filepath.Join(r.local, "many", name), []byte(want[name]))
	}
	r.put(t, "many", "up")
	same(t, filepath.Join(r.disk, "up/many"), want)
	r.get(t, "up/many", "down")
	same(t, filepath.Join(r.local, "down/many"), want)
}

const gib = 1 << 30

// sparse makes a file of size bytes that holds noise around each GiB and at
// its end, and holes elsewhere.
func sparse(t *testing.T, name string, size int64) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	for at := int64(0); at <= size; at += gib {
		block := noise(256<<10, uint64(at))
		from := at - 128<<10
		if from < 0 {
			block, from = block[-from:], 0
		}
		if _, err := f.WriteAt(block[:min(int64(len(block)), size-from)], from); err != nil {
			t.Fatal(err)
		}
	}
}

func testHuge(t *testing.T, r *rig) {
	size := int64(4*gib + 64<<10 + 7)
	source := filepath.Join(r.disk, "huge.bin")
	sparse(t, source, size)
	r.get(t, "huge.bin", "")
	got := filepath.Join(r.local, "huge.bin")
	equal(t, source, got, 0)
	if err := os.Remove(got); err != nil {
		t.Fatal(err)
	}
	sparse(t, got, size)
	r.put(t, "huge.bin", "up")
	equal(t, got, filepath.Join(r.disk, "up/huge.bin"), 0)
}

// testResume goes on with files that are there up to 64 KiB before 4 GiB.
func testResume(t *testing.T, r *rig) {
	size, have := int64(4*gib+64<<10+7), int64(4*gib-64<<10)
	r.seed(t, "resume/x", nil)
	big, part := filepath.Join(r.disk, "resume/big"), filepath.Join(r.local, "resume/big")
	sparse(t, big, size)
	sparse(t, part, size)
	if err := os.Truncate(part, have); err != nil {
		t.Fatal(err)
	}
	resume := func(src, dst queue.Place) {
		t.Helper()
		row := r.run(t, queue.Spec{Kind: queue.Copy, Src: src, Dst: dst, Exists: queue.ExistsResume})
		if !strings.Contains(row.Note, "resumed") {
			t.Errorf("not resumed: %q", row.Note)
		}
		equal(t, big, part, have-1<<20)
	}
	resume(r.at("resume/big"), r.here("resume"))
	// and the other way, from the local file that is whole now
	if err := os.Truncate(big, have); err != nil {
		t.Fatal(err)
	}
	r.own(t, "resume/big")
	resume(r.here("resume/big"), r.at("resume"))
}

// own gives a file of the server's directory to the server's account.
func (r *rig) own(t *testing.T, name string) {
	t.Helper()
	if err := os.Chown(filepath.Join(r.disk, name), int(r.owner.Uid), int(r.owner.Gid)); err != nil {
		t.Fatal(err)
	}
}

// testMode looks into the log: all data connections were of the mode asked for.
func testMode(t *testing.T, r *rig) {
	counts := map[string]int{}
	for _, l := range r.log.Lines(0, 200_000) {
		if l.Dir != '>' {
			continue
		}
		if verb, _, _ := strings.Cut(l.Text, " "); slices.Contains([]string{"EPSV", "PASV", "EPRT", "PORT"}, verb) {
			counts[verb]++
		}
	}
	passive, active := counts["EPSV"]+counts["PASV"], counts["EPRT"]+counts["PORT"]
	if r.mode == ftp.Active {
		passive, active = active, passive
	}
	if passive == 0 || active != 0 {
		t.Errorf("%v in %v mode", counts, r.mode)
	}
}

// dirMark stands for a directory in a map of files.
const dirMark = "\x00dir"

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// same compares a tree on disk with what it has to hold, byte by byte.
func same(t *testing.T, root string, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == root {
			return err
		}
		name, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		if d.IsDir() {
			got[name] = dirMark
			return nil
		}
		data, err := os.ReadFile(p)
		got[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); d != "" {
		t.Fatalf("%s: -want +got:\n%s", root, d)
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s: %s differs (%d bytes, want %d)", root, name, len(got[name]), len(text))
		}
	}
}

// equal compares two files of any size from an offset on.
func equal(t *testing.T, a, b string, at int64) {
	t.Helper()
	fa, err := os.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	defer fa.Close()
	fb, err := os.Open(b)
	if err != nil {
		t.Fatal(err)
	}
	defer fb.Close()
	bufA, bufB := make([]byte, 1<<20), make([]byte, 1<<20)
	for _, f := range []*os.File{fa, fb} {
		if _, err := f.Seek(at, io.SeekStart); err != nil {
			t.Fatal(err)
		}
	}
	for {
		n, errA := io.ReadFull(fa, bufA)
		m, errB := io.ReadFull(fb, bufB)
		if n != m || !bytes.Equal(bufA[:n], bufB[:m]) {
			t.Fatalf("%s and %s differ behind byte %d", a, b, at)
		}
		if errA != nil || errB != nil {
			return
		}
		at += int64(n)
	}
}
