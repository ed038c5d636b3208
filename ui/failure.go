package ui

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"portside/queue"
	"portside/ui/text"
)

// failureOf returns err as a failure in words for people. What carries words
// already keeps them.
func failureOf(err error) *queue.Failure {
	f := queue.FailureOf(err)
	var have *queue.Failure
	if errors.As(err, &have) || f.Class != queue.ClassJob {
		return f
	}
	said := *f
	said.Text = inWords(err)
	return &said
}

// inWords says what the standard library's error about a path means.
func inWords(err error) string {
	var onPath *fs.PathError
	var onLink *os.LinkError
	path, cause := "", err
	switch {
	case errors.As(err, &onPath):
		path, cause = onPath.Path, onPath.Err
	case errors.As(err, &onLink):
		path, cause = onLink.New, onLink.Err
	}
	if path == "" {
		return err.Error()
	}
	words := cause.Error()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		words = "no such file or directory"
	case errors.Is(err, fs.ErrPermission):
		words = "no permission"
	case errors.Is(err, fs.ErrExist):
		words = "exists already"
	case errors.Is(err, syscall.ENOTDIR):
		words = "is not a directory"
	case errors.Is(err, syscall.ENAMETOOLONG):
		words = "the name is too long"
	case errors.Is(err, fs.ErrInvalid):
		_, why, _ := strings.Cut(words, fs.ErrInvalid.Error())
		words = "the name is not allowed" + why
	}
	return path + ": " + words
}

// shorten returns a safe message in at most w cells, if it can: the path that
// it begins with loses its middle before the reason loses its end.
func shorten(s string, w int) string {
	const least = 8 // cells that still tell one path from another
	path, reason, ok := strings.Cut(s, ": ")
	if text.Width(s) <= w || !ok || !strings.ContainsAny(path, `/\`) {
		return s
	}
	return text.Middle(path, max(w-2-text.Width(reason), least)) + ": " + reason
}
