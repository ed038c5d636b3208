package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

var errOwner = errors.New("it belongs to another user")

// BusyError says that another process has the queue.
type BusyError struct {
	PID int // 0: it has not said yet
}

// Error implements error.
func (e *BusyError) Error() string {
	if e.PID == 0 {
		return "the queue is in use by another process"
	}
	return fmt.Sprintf("the queue is in use by process %d", e.PID)
}

// lock takes the directory for this process: it holds the file that is
// returned, which says by whom it is held. The system lets go of it when the
// process ends, in whatever way.
func (d disk) lock() (*os.File, error) {
	f, err := os.OpenFile(d.path(nameLock), os.O_RDWR|os.O_CREATE|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	free, err := tryLock(f)
	switch {
	case err != nil:
		err = fmt.Errorf("%s cannot be locked: %w", f.Name(), err)
	case !free:
		err = holder(f)
	default:
		err = sign(f)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// holder says who holds the lock.
func holder(f *os.File) error {
	b := make([]byte, 32)
	n, _ := f.ReadAt(b, 0) // a holder that has not signed yet is one as well
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	return &BusyError{PID: max(pid, 0)}
}

// sign writes down who holds the lock. On a full disk nobody can; the lock
// holds without.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, _ = io.WriteString(f, strconv.Itoa(os.Getpid())+"\n")
	return nil
}
