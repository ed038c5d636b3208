package queuetest

import (
	"errors"
	"fmt"
	"io/fs"

	"portside/queue"
)

// The checks of this file are for the optional interfaces; a file system
// without one passes.

func checkRemoveAll(p *probe) {
	b, ok := p.fs.(queue.Batch)
	if !ok {
		p.Skip("it is no queue.Batch")
	}
	d := p.path("d")
	p.ok(p.fs.Mkdir(p.Context(), d))
	in := func(name string) string {
		at, err := p.fs.Join(d, name)
		p.ok(err)
		return at
	}
	p.ok(p.fs.Mkdir(p.Context(), in("sub")))
	var removals []queue.Removal
	want := map[int]error{}
	for i := range 60 {
		at := in(fmt.Sprintf("f%02d", i))
		if i%20 == 7 {
			want[i] = fs.ErrNotExist
		} else {
			p.put("x", []byte("x"))
			p.ok(p.fs.Rename(p.Context(), p.path("x"), at))
		}
		removals = append(removals, queue.Removal{Path: at})
	}
	want[len(removals)] = errors.ErrUnsupported // any
	removals = append(removals, queue.Removal{Path: in("sub")}, queue.Removal{Path: in("sub"), Dir: true}, queue.Removal{Path: d, Dir: true})
	heard := map[int]int{}
	p.ok(b.RemoveAll(p.Context(), removals, func(i int, err error) {
		heard[i]++
		switch expected, bad := want[i]; {
		case !bad && err != nil, bad && err == nil:
			p.Errorf("%+v: %v", removals[i], err)
		case errors.Is(expected, fs.ErrNotExist):
			p.is(err, fs.ErrNotExist)
		}
	}))
	for i := range removals {
		if heard[i] != 1 {
			p.Errorf("%+v is told %d times", removals[i], heard[i])
		}
	}
	if names := p.names(p.dir); len(names) != 0 {
		p.Errorf("left: %q", names)
	}
	p.ok(b.RemoveAll(p.Context(), nil, func(int, error) { p.Error("told of nothing") }))
}
