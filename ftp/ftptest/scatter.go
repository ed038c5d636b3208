package ftptest

import (
	"errors"
	"io"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Scatter is what STOR behind REST does to what is behind its place.
type Scatter uint8

// The ways of servers.
const (
	ScatterCuts  Scatter = iota // it goes, and no upload begins behind the end
	ScatterKeeps                // it stays; behind the end a hole is left
	ScatterGrows                // it stays, but no upload begins behind the end
	ScatterLocks                // as ScatterKeeps, one upload of a file after the other
)

// canvas is content that is written at any place. What was read of it may change.
type canvas struct {
	mu   sync.Mutex
	data []byte
}

// ReadAt implements io.ReaderAt.
func (c *canvas) ReadAt(p []byte, off int64) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if off >= int64(len(c.data)) {
		return 0, io.EOF
	}
	n := copy(p, c.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// put writes p at off, and zeros before it where nothing was.
func (c *canvas) put(p []byte, off int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if lacks := off + int64(len(p)) - int64(len(c.data)); lacks > 0 {
		c.data = append(c.data, make([]byte, lacks)...)
	}
	copy(c.data[off:], p)
	return int64(len(c.data))
}

// canvas makes the content one that can be written anywhere.
func (c *content) canvas() *canvas {
	if k, ok := c.base.(*canvas); ok && len(c.tail) == 0 && c.baseLen == int64(len(k.data)) {
		return k
	}
	k := &canvas{data: make([]byte, c.size())}
	_, _ = c.ReadAt(k.data, 0) // what was discarded is zeros
	c.base, c.baseLen, c.tail = k, int64(len(k.data)), nil
	return k
}

// putAt writes p at a place of the file.
func (u *upload) putAt(p []byte, off int64) {
	u.tree.mu.Lock()
	defer u.tree.mu.Unlock()
	f := &u.node.file
	f.baseLen = f.canvas().put(p, off)
	u.node.mtime = u.tree.now().Truncate(time.Second)
}

// alone waits until no other upload writes the file, and takes it; free gives it
// back.
func (u *upload) alone(s *session) (free func(), err error) {
	for {
		u.tree.mu.Lock()
		before := u.node.lock
		if before == nil {
			mine := make(chan struct{})
			u.node.lock = mine
			u.tree.mu.Unlock()
			return func() {
				u.tree.mu.Lock()
				defer u.tree.mu.Unlock()
				u.node.lock = nil
				close(mine)
			}, nil
		}
		u.tree.mu.Unlock()
		select {
		case <-before:
		case <-s.srv.closing:
			return nil, errors.New("the server closes")
		}
	}
}

// scatter answers STOR without cutting what is behind the offset.
func (s *session) scatter(arg string, offset int64) error {
	info, err := s.tree().stat(s.path(arg), true)
	switch {
	case err != nil:
		info.size = 0
	case offset > 0 && s.q.Scatter == ScatterGrows && offset > info.size:
		return s.refuse("554 Restart offset is beyond the end.")
	}
	how := int64(-1) // leaves what is there
	if offset == 0 {
		how = 0
	}
	file, err := s.tree().create(s.path(arg), how)
	switch {
	case errors.Is(err, syscall.EINVAL):
		return s.refuse("554 Restart offset is beyond the end.")
	case err != nil:
		return s.refuse(strings.Replace(reason(err), "550", "553", 1))
	}
	if s.q.Scatter == ScatterLocks {
		free, err := file.alone(s)
		if err != nil {
			return err
		}
		defer free()
	}
	return s.transfer("150 Ok to send data.", true, true, func(d *dataConn) error {
		buf := s.buffer()
		for {
			n, err := d.Read(buf)
			if n > 0 {
				file.putAt(buf[:n], offset)
				offset += int64(n)
			}
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
}
