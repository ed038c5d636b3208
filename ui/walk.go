package ui

import (
	"context"

	"portside/queue"
)

// What a walk takes at most: a tree may have no end.
const (
	walkDepth   = 64
	walkEntries = 1_000_000
)

// walked is what a walk has seen.
type walked struct {
	Entries    int
	Unreadable int  // directories that refused
	Cut        bool // more was there than a walk takes
}

// Whole reports whether nothing was left out.
func (w walked) Whole() bool { return w.Unreadable == 0 && !w.Cut }

// ahead is a directory that a walk has before it.
type ahead struct {
	at    queue.Place
	depth int
}

// walk reads the directories at and below a place, those that are near first and
// one at a time, and shows each entry to each: the directory it stands in, and
// whether to go down into it. Links are never followed. It ends early with an
// error only when ctx does or when the first directory cannot be read.
func walk(ctx context.Context, engine queue.Engine, at queue.Place, each func(dir queue.Place, e queue.Entry) (descend bool)) (walked, error) {
	var w walked
	for line := []ahead{{at: at}}; len(line) > 0 && !w.full(); line = line[1:] {
		dir := line[0]
		err := w.read(ctx, engine, dir, each, &line)
		switch {
		case ctx.Err() != nil:
			return w, ctx.Err()
		case err != nil && dir.depth == 0:
			return w, err
		case err != nil:
			w.Unreadable++
		}
	}
	return w, nil
}

func (w *walked) full() bool { return w.Cut && w.Entries >= walkEntries }

// read shows the entries of one directory and puts those to go down into in line.
func (w *walked) read(ctx context.Context, engine queue.Engine, dir ahead, each func(queue.Place, queue.Entry) bool, line *[]ahead) error {
	for e, err := range engine.List(ctx, dir.at) {
		if err != nil {
			return err
		}
		if w.Entries == walkEntries {
			w.Cut = true
			return nil
		}
		w.Entries++
		if !each(dir.at, e) || e.Type != queue.Dir || e.Name == "" || e.Name == "." || e.Name == ".." {
			continue
		}
		if dir.depth == walkDepth {
			w.Cut = true
			continue
		}
		below, err := engine.Join(dir.at, e.Name)
		if err != nil {
			w.Unreadable++
			continue
		}
		*line = append(*line, ahead{below, dir.depth + 1})
	}
	return nil
}
