package journal

// OpenHooked is Open on a directory whose calls are told to hook before and
// after: an error of the first is the call's, the second may end the process.
func OpenHooked(dir string, before func(op string) error, after func(op string)) (*Journal, error) {
	return openOn(disk(dir), hooked{disk(dir), before, after})
}

// hooked is files with a hook at each call that changes something.
type hooked struct {
	files
	before func(op string) error
	after  func(op string)
}

func (h hooked) call(op string, do func() error) error {
	if err := h.before(op); err != nil {
		return err
	}
	defer h.after(op)
	return do()
}

func (h hooked) open(name string, flag int) (f file, err error) {
	err = h.call("open", func() error {
		f, err = h.files.open(name, flag)
		return err
	})
	if err != nil {
		return nil, err
	}
	return hookedFile{f, h}, nil
}

func (h hooked) rename(from, to string) error {
	return h.call("rename", func() error { return h.files.rename(from, to) })
}

func (h hooked) syncDir() error { return h.call("syncdir", h.files.syncDir) }

type hookedFile struct {
	file
	h hooked
}

// WriteAt writes half of it where the hook refuses, as a full disk does.
func (f hookedFile) WriteAt(b []byte, off int64) (n int, err error) {
	if err := f.h.before("write"); err != nil {
		n, _ = f.file.WriteAt(b[:len(b)/2], off)
		return n, err
	}
	defer f.h.after("write")
	return f.file.WriteAt(b, off)
}

func (f hookedFile) Sync() error { return f.h.call("sync", f.file.Sync) }

func (f hookedFile) Truncate(n int64) error {
	return f.h.call("truncate", func() error { return f.file.Truncate(n) })
}

// fast is files that never reach the disk for certain.
type fast struct{ files }

func (f fast) open(name string, flag int) (file, error) {
	g, err := f.files.open(name, flag)
	if err != nil {
		return nil, err
	}
	return fastFile{g}, nil
}

func (fast) syncDir() error { return nil }

type fastFile struct{ file }

func (fastFile) Sync() error { return nil }
