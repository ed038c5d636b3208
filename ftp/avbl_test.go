package ftp

import (
	"errors"
	"io/fs"
	"testing"

	"portside/ftp/ftptest"
)

func TestAvailable(t *testing.T) {
	c := dial(t, script(t, append(offering("AVBL"), ftptest.Exchange("AVBL /d", "213 5000000000\r\n"), ftptest.Exchange("AVBL /none", "550 no such directory\r\n"),
		ftptest.Exchange("AVBL /d", "213 much\r\n"), ftptest.Exchange("AVBL /d", "504 no\r\n"))...))
	if n, err := c.Available(t.Context(), "/d"); n != 5e9 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := c.Available(t.Context(), "/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := c.Available(t.Context(), "/d"); err == nil {
		t.Error("much is no number")
	}
	for range 2 {
		if _, err := c.Available(t.Context(), "/d"); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
	}
	c = dial(t, script(t, offering("SIZE")...))
	if _, err := c.Available(t.Context(), "/d"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("not announced: %v", err)
	}
}
