//go:build servers

package connect_test

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"portside/ftp"
	"portside/queue"
)

// TestVerified copies files both ways with all that shows that they are whole:
// checksums where there are any, times and permissions.
func TestVerified(t *testing.T) {
	l := theLab(t)
	for _, s := range l.servers {
		if s.is("noticket") || s.is("one") {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, l, s.variants()[0])
			t.Run("sums", func(t *testing.T) { testVerify(t, r) })
			t.Run("times and modes", func(t *testing.T) { testKeeps(t, r) })
			if s.is("full") {
				t.Run("algorithms", func(t *testing.T) { testAlgorithms(t, r, l) })
			}
		})
	}
}

func testVerify(t *testing.T, r *rig) {
	data := noise(3<<20+17, 21)
	r.seed(t, "verify/down.bin", data)
	write(t, filepath.Join(r.local, "up.bin"), data)
	for _, v := range []queue.Verify{queue.VerifyAuto, queue.VerifyHash, queue.VerifySize, queue.VerifyOff} {
		for _, spec := range []queue.Spec{
			{Src: r.at("verify/down.bin"), Dst: r.here(""), Exists: queue.ExistsOverwrite},
			{Src: r.here("up.bin"), Dst: r.at("verify"), Exists: queue.ExistsOverwrite},
		} {
			spec.Kind, spec.Verify = queue.Copy, v
			id := r.add(t, spec)
			row := r.wait(t, id)
			full := r.is("full")
			if want := full && (v == queue.VerifyAuto || v == queue.VerifyHash); row.Verified != want {
				t.Errorf("%s %s: verified is %t, note %q", v, spec.Src.Path, row.Verified, row.Note)
			}
			if refused := !full && v == queue.VerifyHash; (row.State == queue.Failed) != refused {
				t.Errorf("%s %s is %s: %v", v, spec.Src.Path, row.State, row.Failure)
			}
			r.q.Cancel(id) // what failed would stay
			r.q.Clear()
		}
	}
	for _, p := range []string{filepath.Join(r.local, "down.bin"), filepath.Join(r.disk, "verify/up.bin")} {
		if got, err := os.ReadFile(p); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes, %v", p, len(got), err)
		}
	}
}

// testKeeps copies a file up and down again, also behind a part, and looks at
// its time and its permissions at each step.
func testKeeps(t *testing.T, r *rig) {
	data := noise(1<<20, 22)
	when := time.Date(2021, 7, 8, 9, 10, 11, 0, time.UTC)
	look := func(p string, mode fs.FileMode) {
		t.Helper()
		st, err := os.Stat(p)
		if err != nil || st.Size() != int64(len(data)) || !st.ModTime().Equal(when) && !r.is("norest") || mode != 0 && st.Mode() != mode {
			t.Errorf("%s: %v, of %v, %d bytes; %v", p, st.Mode(), st.ModTime().UTC(), st.Size(), err)
		}
	}
	file := filepath.Join(r.local, "kept.bin")
	write(t, file, data)
	if err := os.Chmod(file, 0o640|fs.ModeSetuid); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, when, when); err != nil {
		t.Fatal(err)
	}
	for _, part := range []bool{false, true} {
		if part && r.is("norest") {
			break
		}
		dir := map[bool]string{false: "keep", true: "keep2"}[part]
		if part {
			r.seed(t, dir+"/kept.bin", data[:600_000])
			write(t, filepath.Join(r.local, dir, "kept.bin"), data[:600_000])
		} else if err := r.q.Mkdir(t.Context(), r.at(dir)); err != nil {
			t.Fatal(err)
		}
		exists := map[bool]queue.Policy{false: queue.ExistsFail, true: queue.ExistsResume}[part]
		there := filepath.Join(r.disk, dir, "kept.bin")
		up := r.run(t, queue.Spec{Kind: queue.Copy, Src: r.here("kept.bin"), Dst: r.at(dir), Exists: exists, Permissions: true})
		look(there, 0o640)
		if up.Note != "" && !part {
			t.Errorf("up: %s", up.Note)
		}
		if err := os.MkdirAll(r.here(dir).Path, 0o755); err != nil {
			t.Fatal(err)
		}
		down := r.run(t, queue.Spec{Kind: queue.Copy, Src: r.at(dir + "/kept.bin"), Dst: r.here(dir), Exists: exists, Permissions: true})
		mode := fs.FileMode(0o640)
		if _, err := r.q.Stat(t.Context(), r.at(dir)); err != nil {
			t.Fatal(err)
		}
		if e, err := r.q.Stat(t.Context(), r.at(dir+"/kept.bin")); err != nil || !e.HasMode {
			mode = 0 // it does not tell
		}
		look(filepath.Join(r.local, dir, "kept.bin"), mode)
		if full := r.is("full"); up.Verified != full || down.Verified != full {
			t.Errorf("part %t: verified %t up, %t down; %q, %q", part, up.Verified, down.Verified, up.Note, down.Note)
		}
	}
}

// testAlgorithms compares every checksum that there is, of a file that was there
// and of an upload.
func testAlgorithms(t *testing.T, r *rig, l lab) {
	data := noise(2<<20+3, 23)
	r.seed(t, "sums/with space.bin", data)
	c := r.login(t, l)
	base := r.base + "/sums/"
	s1, s256, s512, m := sha1.Sum(data), sha256.Sum256(data), sha512.Sum512(data), md5.Sum(data)
	for by, want := range map[string][]byte{
		"SHA-1": s1[:], "SHA-256": s256[:], "SHA-512": s512[:], "MD5": m[:], "CRC32": binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(data)),
	} {
		got, err := c.Sum(t.Context(), base+"with space.bin", by, int64(len(data)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %x, %v; want %x", by, got, err, want)
		}
		for _, wrong := range []bool{false, true} {
			up, err := c.Stor(t.Context(), base+"part", 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = up.Write(data); err != nil {
				t.Fatal(err)
			}
			if err = up.Close(); err != nil {
				t.Fatal(err)
			}
			sum := &ftp.Checksum{Digest: ftp.Digest{Algorithm: by, Sum: bytes.Clone(want)}}
			if wrong {
				sum.Sum[0] ^= 1
			}
			err = c.Land(t.Context(), ftp.Landing{Path: base + "part", Size: int64(len(data)), Final: base + "whole " + by, Sum: sum})
			if (err != nil) != wrong || sum.Equal == wrong || sum.Refused != nil {
				t.Errorf("%s, wrong %t: %v, equal %t, refused %v", by, wrong, err, sum.Equal, sum.Refused)
			}
			if !wrong {
				if err := c.Delete(t.Context(), base+"whole "+by); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
