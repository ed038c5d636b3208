package ftptest

import (
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"syscall"
	"time"
)

// content is what a file holds: baseLen bytes of base, then tail. A copy of it
// is a snapshot: bytes below len(tail) never change in place.
type content struct {
	base    io.ReaderAt // nil when baseLen is 0, or when the bytes were discarded
	baseLen int64
	crc     uint32 // of discarded bytes
	tail    []byte
}

var errDiscarded = errors.New("content was discarded")

func (c *content) size() int64 { return c.baseLen + int64(len(c.tail)) }

// ReadAt implements io.ReaderAt over the snapshot.
func (c *content) ReadAt(p []byte, off int64) (int, error) {
	if off >= c.size() {
		return 0, io.EOF
	}
	n := 0
	if off < c.baseLen {
		if c.base == nil {
			return 0, errDiscarded
		}
		part := p[:min(int64(len(p)), c.baseLen-off)]
		n, _ = c.base.ReadAt(part, off)
		if n < len(part) {
			return n, io.ErrUnexpectedEOF
		}
	}
	if n < len(p) {
		n += copy(p[n:], c.tail[off+int64(n)-c.baseLen:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// direct returns the bytes from off on when they are in memory.
func (c *content) direct(off int64) ([]byte, bool) {
	if off < c.baseLen || off > c.size() {
		return nil, false
	}
	return c.tail[off-c.baseLen:], true
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

func (c *content) sum() uint32 {
	if c.base == nil && c.baseLen > 0 {
		return crc32.Update(c.crc, castagnoli(), c.tail)
	}
	var crc uint32
	buf := make([]byte, 256<<10)
	for off := int64(0); off < c.size(); {
		n, err := c.ReadAt(buf, off)
		crc = crc32.Update(crc, castagnoli(), buf[:n])
		off += int64(n)
		if err != nil {
			break
		}
	}
	return crc
}

// truncate cuts the content to size bytes, which it must have.
func (c *content) truncate(size int64) error {
	switch {
	case size > c.size():
		return syscall.EINVAL
	case size >= c.baseLen:
		c.tail = c.tail[: size-c.baseLen : size-c.baseLen]
	case size > 0 && c.base == nil:
		return errDiscarded
	default:
		c.baseLen, c.tail = size, nil
	}
	if c.baseLen == 0 {
		c.base, c.crc = nil, 0
	}
	return nil
}

// write appends p. Content longer than discard (if not 0) is only counted.
func (c *content) write(p []byte, discard int64) {
	if discard > 0 && c.size()+int64(len(p)) > discard {
		c.crc = crc32.Update(c.sum(), castagnoli(), p)
		c.baseLen, c.base, c.tail = c.size()+int64(len(p)), nil, nil
		return
	}
	c.tail = append(c.tail, p...)
}

// fileInfo is a copy of a node's facts.
type fileInfo struct {
	name  string
	size  int64
	mode  fs.FileMode
	mtime time.Time
	owner string
	link  string
}

func (n *node) info() fileInfo {
	return fileInfo{name: n.name, size: n.file.size(), mode: n.mode, mtime: n.mtime, owner: n.owner, link: n.link}
}

func (i fileInfo) Name() string       { return i.name }
func (i fileInfo) Size() int64        { return i.size }
func (i fileInfo) Mode() fs.FileMode  { return i.mode }
func (i fileInfo) ModTime() time.Time { return i.mtime }
func (i fileInfo) IsDir() bool        { return i.mode.IsDir() }
func (i fileInfo) Sys() any           { return nil }
