package ftptest

import (
	"compress/zlib"
	"io"
	"net"
	"strings"
)

// modeCmd takes MODE S and MODE Z.
func (s *session) modeCmd(arg string) error {
	switch arg = strings.ToUpper(arg); {
	case arg == "S":
		s.packs = false
	case arg == "Z" && !s.q.NoModeZ:
		s.packs = true
	default:
		return s.reply("504 Not implemented for that parameter.")
	}
	return s.reply("200 OK.")
}

// packed is a data connection whose data is a zlib stream.
type packed struct {
	net.Conn
	r io.ReadCloser
	w *zlib.Writer
}

func (p *packed) Read(b []byte) (int, error) {
	if p.r == nil {
		r, err := zlib.NewReader(p.Conn)
		if err != nil {
			return 0, err
		}
		p.r = r
	}
	return p.r.Read(b)
}

func (p *packed) Write(b []byte) (int, error) {
	if p.w == nil {
		p.w = zlib.NewWriter(p.Conn)
	}
	n, err := p.w.Write(b)
	if err == nil {
		err = p.w.Flush()
	}
	return n, err
}

// unpack ends the stream of a transfer that is over, and returns the
// connection below it. What was sent of nothing is nothing.
func (d *dataConn) unpack() net.Conn {
	p, ok := d.conn.(*packed)
	if !ok {
		return d.conn
	}
	if p.w != nil {
		_ = p.w.Close() // the peer sees what is missing
	}
	return p.Conn
}
