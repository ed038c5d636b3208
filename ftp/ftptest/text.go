package ftptest

import (
	"bufio"
	"io"
)

// Files of the server end their lines with LF. In TYPE A they go with CR and LF,
// where the quirks do not keep them as they are.

// translates reports whether line ends change on the way.
func (s *session) translates() bool { return s.ascii && !s.q.KeepsText }

// lineWriter puts a CR in front of each LF that has none.
type lineWriter struct {
	out  *bufio.Writer
	last byte
}

// Write implements io.Writer.
func (w *lineWriter) Write(p []byte) (int, error) {
	for i, b := range p {
		if b == '\n' && w.last != '\r' {
			_ = w.out.WriteByte('\r') // the next fails too
		}
		if err := w.out.WriteByte(b); err != nil {
			return i, err
		}
		w.last = b
	}
	return len(p), nil
}

// lineReader takes the CR in front of each LF away.
type lineReader struct{ in *bufio.Reader }

// Read implements io.Reader.
func (r lineReader) Read(p []byte) (int, error) {
	for n := 0; ; {
		if n == len(p) || n > 0 && r.in.Buffered() == 0 {
			return n, nil
		}
		b, err := r.in.ReadByte()
		if err != nil {
			return n, err
		}
		if b == '\r' {
			if next, _ := r.in.Peek(1); len(next) > 0 && next[0] == '\n' {
				continue
			}
		}
		p[n] = b
		n++
	}
}

// sendText sends file as text.
func (s *session) sendText(d *dataConn, file *content) error {
	w := &lineWriter{out: bufio.NewWriter(d)}
	if _, err := io.Copy(w, io.NewSectionReader(file, 0, file.size())); err != nil {
		return err
	}
	return w.out.Flush()
}
