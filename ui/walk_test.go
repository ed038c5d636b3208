package ui

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"slices"
	"testing"

	"portside/queue"
)

// tree is an engine whose directories are made up while they are read.
type tree struct {
	*fake
	entries func(path string) ([]queue.Entry, error)
}

func (t tree) List(_ context.Context, at queue.Place) iter.Seq2[queue.Entry, error] {
	return func(yield func(queue.Entry, error) bool) {
		entries, err := t.entries(at.Path)
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
		if err != nil {
			yield(queue.Entry{}, err)
		}
	}
}

func TestAWalkReadsWhatIsNearFirstAndGoesOnBehindARefusal(t *testing.T) {
	engine := tree{newFake(), func(path string) ([]queue.Entry, error) {
		switch path {
		case "/w":
			return []queue.Entry{dir("a", now()), dir("b", now()), {Name: "up", Type: queue.Link}, dir("..", now()), dir("x/y", now())}, nil
		case "/w/a":
			return []queue.Entry{dir("deep", now()), file("1", 1, now())}, nil
		case "/w/a/deep":
			return []queue.Entry{file("2", 2, now())}, nil
		}
		return nil, fs.ErrPermission
	}}
	var seen []string
	w, err := walk(t.Context(), engine, queue.Place{Address: remote, Path: "/w"}, func(dir queue.Place, e queue.Entry) bool {
		seen = append(seen, dir.Path+" "+e.Name)
		return true
	})
	want := []string{"/w a", "/w b", "/w up", "/w ..", "/w x/y", "/w/a deep", "/w/a 1", "/w/a/deep 2"}
	if err != nil || !slices.Equal(seen, want) {
		t.Errorf("%v %q, want %q", err, seen, want)
	}
	if w.Entries != 8 || w.Unreadable != 2 || w.Cut || w.Whole() {
		t.Errorf("%+v", w)
	}
}

func TestAWalkEndsInALoopAndInATreeWithoutEnd(t *testing.T) {
	loop := tree{newFake(), func(string) ([]queue.Entry, error) { return []queue.Entry{dir("again", now())}, nil }}
	w, err := walk(t.Context(), loop, queue.Place{Path: "/"}, func(queue.Place, queue.Entry) bool { return true })
	if err != nil || !w.Cut || w.Entries != walkDepth+1 {
		t.Errorf("a loop: %v %+v", err, w)
	}
	many := make([]queue.Entry, 10_000)
	for i := range many {
		many[i] = dir("d", now())
	}
	wide := tree{newFake(), func(string) ([]queue.Entry, error) { return many, nil }}
	w, err = walk(t.Context(), wide, queue.Place{Path: "/"}, func(queue.Place, queue.Entry) bool { return true })
	if err != nil || !w.Cut || w.Entries != walkEntries {
		t.Errorf("a wide tree: %v %+v", err, w)
	}
}

func TestAWalkEndsWithItsContextAndWithoutAFirstDirectory(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	engine := tree{newFake(), func(string) ([]queue.Entry, error) { cancel(); return []queue.Entry{dir("d", now())}, nil }}
	if _, err := walk(ctx, engine, queue.Place{Path: "/"}, func(queue.Place, queue.Entry) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	none := tree{newFake(), func(string) ([]queue.Entry, error) { return nil, fs.ErrNotExist }}
	if _, err := walk(t.Context(), none, queue.Place{Path: "/"}, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}
