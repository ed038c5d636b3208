package queue

// twins keeps apart what one batch brings to a disk that takes several names
// for one file: the second of them would be written over the first, or a
// directory mixed with another. It gets a number.
type twins struct {
	fold  func(name string) string
	taken map[string]string // the name that has a key
	there map[string]bool   // keys of what stood in the target before
}

// newTwins returns nil for a disk that tells all names apart.
func newTwins(disk FS) *twins {
	f, ok := disk.(Folder)
	if !ok || f.Fold("A") == "A" {
		return nil
	}
	return &twins{fold: f.Fold, taken: map[string]string{}, there: map[string]bool{}}
}

// take keeps the name for its file. Where another one has it already, it
// returns the name to use instead.
func (w *twins) take(dir, name string) (as string) {
	if w == nil {
		return ""
	}
	for i := 0; i < 1000; i++ {
		try := name
		if i > 0 {
			try = numbered(name, i)
		}
		key := dir + "\x00" + w.fold(try)
		was, ok := w.taken[key]
		switch {
		case i == 0 && (!ok || was == name):
			w.taken[key] = name
			return ""
		case i > 0 && !ok && !w.there[key]:
			w.taken[key] = try
			return try
		}
	}
	return ""
}

// separate gives numbers to specs of one Add that would land on one file. What
// happens to stand under such a name was not meant by an order to replace.
func (q *Queue) separate(specs []Spec) {
	w := newTwins(q.opt.Local)
	if w == nil || len(specs) < 2 {
		return
	}
	for i := range specs {
		s := &specs[i]
		if s.Dst.Address != Local || s.Kind == Delete {
			continue
		}
		name := s.As
		if name == "" {
			name = baseName(s.Src.Address, s.Src.Path)
		}
		as := w.take(s.Dst.Path, name)
		if as == "" {
			continue
		}
		s.As = as
		switch s.Exists {
		case ExistsOverwrite, ExistsNewer, ExistsSize, ExistsResume:
			s.Exists = ExistsRename
		}
	}
}

// meet takes down what stands in the target directory.
func (w *twins) meet(there present) {
	if w == nil {
		return
	}
	for name := range there {
		w.there["\x00"+w.fold(name)] = true
	}
}

// row returns the name that a row has to take because another one has its own.
func (w *twins) row(c *child) string {
	if c.skip != "" {
		return ""
	}
	return w.take("", c.entry.Name)
}
