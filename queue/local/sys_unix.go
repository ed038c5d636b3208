//go:build unix

package local

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"portside/queue"
)

const (
	noFollow = unix.O_NOFOLLOW
	noBlock  = unix.O_NONBLOCK
)

// lockFile takes the file for this process until it is closed. A disk
// without locks goes without.
func lockFile(f *os.File) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var busy bool
	err = conn.Control(func(fd uintptr) {
		busy = errors.Is(unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB), unix.EWOULDBLOCK)
	})
	if err == nil && busy {
		return queue.Fail(queue.ClassJob, f.Name()+": another program is writing this file", nil)
	}
	return err
}

func full(error) bool { return false }

// owners remembers names of users and groups.
type owners struct {
	mu    sync.Mutex
	names map[string]string
}

func newOwners() *owners { return &owners{names: map[string]string{}} }

// of returns the names of a file's owner and group, numbers where the system
// has none.
func (o *owners) of(st fs.FileInfo) (string, string) {
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return "", ""
	}
	uid, gid := strconv.FormatUint(uint64(sys.Uid), 10), strconv.FormatUint(uint64(sys.Gid), 10)
	return o.name("u"+uid, uid, userName), o.name("g"+gid, gid, groupName)
}

func (o *owners) name(key, id string, look func(string) string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	name, ok := o.names[key]
	if !ok {
		name = look(id)
		o.names[key] = name
	}
	return name
}

func userName(id string) string {
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

func groupName(id string) string {
	if g, err := user.LookupGroupId(id); err == nil {
		return g.Name
	}
	return id
}
