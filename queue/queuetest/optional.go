package queuetest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

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

func checkSums(p *probe) {
	h, ok := p.fs.(queue.Hasher)
	if !ok || h.SumBy() == "" {
		p.Skip("it computes no checksums")
	}
	by, data := h.SumBy(), bytes.Repeat([]byte("portside\n"), 40_000)
	at := p.put("f", data)
	if got, err := h.Sum(p.Context(), at, by, int64(len(data))); err != nil || !bytes.Equal(got, Sum(by, data)) {
		p.Errorf("%s: %x, %v", by, got, err)
	}
	_, err := h.Sum(p.Context(), p.path("none"), by, 0)
	p.is(err, fs.ErrNotExist)
	for _, wrong := range []bool{true, false} {
		expected := Sum(by, data)
		if wrong {
			expected[0] ^= 1
		}
		s, err := p.fs.Create(p.Context(), p.path("part"), 0, queue.Commit{Final: p.path("whole"), Size: int64(len(data)), SumBy: by})
		p.ok(err)
		_, err = s.Write(data)
		p.ok(err)
		s.(queue.Summed).Expect(by, expected, true)
		err = s.Close()
		var unequal *queue.SumError
		if errors.As(err, &unequal) != wrong || (err != nil) != wrong || s.(queue.Summed).Verified() == wrong {
			p.Errorf("wrong %t: %v, verified %t", wrong, err, s.(queue.Summed).Verified())
		}
		if names := p.names(p.dir); slices.Contains(names, "whole") == wrong {
			p.Errorf("wrong %t: there are %q", wrong, names)
		}
	}
}
