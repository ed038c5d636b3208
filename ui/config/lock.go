package config

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// Who waits for a lock looks again and again, so that a process that was stopped
// with the lock in its hand does not stop us for good.
const (
	lockWait  = 2 * time.Second
	lockAgain = 10 * time.Millisecond
)

// errLocked says that somebody else has the lock.
var errLocked = errors.New("another process holds the lock")

// locked runs f while no other process does the same for the file name. The
// lock ends with the process, whatever becomes of it.
func locked(name string, f func() error) error {
	file, err := os.OpenFile(name+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	for end := time.Now().Add(lockWait); ; time.Sleep(lockAgain) {
		err = lock(file)
		if !errors.Is(err, errLocked) || time.Now().After(end) {
			break
		}
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), file.Close())
	}
	return errors.Join(f(), file.Close())
}
