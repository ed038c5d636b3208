package local

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"portside/queue"
)

// explain puts an error of the system into words that say what to do, and
// keeps it inside for errors.Is.
func explain(op, path string, err error) error {
	if err == nil {
		return nil
	}
	var f *queue.Failure
	if errors.As(err, &f) {
		return err
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	var le *os.LinkError
	if errors.As(err, &le) {
		err = le.Err
	}
	cause := &fs.PathError{Op: op, Path: path, Err: err}
	switch {
	case errors.Is(err, syscall.ENOSPC), full(err):
		return queue.Fail(queue.ClassQueue, "the local disk is full: "+path, cause)
	case errors.Is(err, syscall.EDQUOT):
		return queue.Fail(queue.ClassQueue, "your quota on the local disk is used up: "+path, cause)
	case errors.Is(err, syscall.EFBIG):
		return queue.Fail(queue.ClassJob, path+": too large for this disk (FAT holds files up to 4 GiB)", cause)
	case errors.Is(err, syscall.EROFS):
		return queue.Fail(queue.ClassJob, path+": the disk is read-only", cause)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return queue.Fail(queue.ClassAttempt, path+": too many files are open", cause)
	case errors.Is(err, syscall.ENAMETOOLONG):
		return queue.Fail(queue.ClassJob, path+": the name is too long for this disk", cause)
	case errors.Is(err, fs.ErrNotExist):
		return queue.Fail(queue.ClassJob, path+": no such file or directory", cause)
	case errors.Is(err, fs.ErrPermission):
		return queue.Fail(queue.ClassJob, path+": no permission to "+verb(op)+" here", cause)
	default:
		return cause
	}
}

func verb(op string) string {
	switch op {
	case "open", "stat", "list":
		return "read"
	case "remove":
		return "remove"
	default:
		return "write"
	}
}
