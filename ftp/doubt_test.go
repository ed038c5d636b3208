package ftp

import (
	"errors"
	"io"
	"testing"

	"portside/ftp/ftptest"
)

// Behind an offset the size that a server announces may be that of the file or
// of its rest: where the data did not end in order, only SIZE tells whether all
// came.
func TestDoubtBehindOffset(t *testing.T) {
	for name, tt := range map[string]struct {
		sent, size string
		want       error
	}{
		"half of the rest": {"01234", "213 15\r\n", io.ErrUnexpectedEOF},
		"all of the file":  {"01234", "213 10\r\n", nil},
		"all of the rest":  {"0123456789", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			steps := []ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"),
				ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Exchange("REST 5", "350 ok\r\n"), ftptest.Expect("RETR /f"),
				ftptest.Connect(), ftptest.Send("150 go (10 bytes)\r\n"), ftptest.SendData(tt.sent)}
			read := make(chan struct{})
			steps = append(steps, ftptest.Hold(read), ftptest.ResetData(), ftptest.Send("226 done\r\n"))
			if tt.size != "" {
				steps = append(steps, ftptest.Exchange("SIZE /f", tt.size))
			}
			c := dial(t, script(t, steps...), withShort)
			d, err := c.Retr(t.Context(), "/f", 5)
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.ReadFull(d, make([]byte, len(tt.sent)))
			close(read)
			_, rest := io.Copy(io.Discard, d)
			if err = errors.Join(err, rest, d.Close()); !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}
