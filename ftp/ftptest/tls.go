package ftptest

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
)

func (s *session) authCmd(arg string) error {
	if s.srv.cfg.TLS == nil {
		return s.reply("502 Command not implemented.")
	}
	if s.tls {
		return s.reply("503 Already using TLS.")
	}
	switch strings.ToUpper(arg) {
	case "TLS", "TLS-C", "SSL", "TLS-P":
	default:
		return s.reply("504 Unknown security mechanism.")
	}
	if err := s.reply("234 Proceed with negotiation."); err != nil {
		return err
	}
	s.user, s.logged = "", false
	return s.startTLS()
}

func (s *session) pbszCmd(string) error {
	if !s.tls {
		return s.reply("503 AUTH first.")
	}
	return s.reply("200 PBSZ=0")
}

func (s *session) protCmd(arg string) error {
	switch {
	case !s.tls:
		return s.reply("503 AUTH first.")
	case strings.EqualFold(arg, "P"):
		s.prot = true
	case strings.EqualFold(arg, "C") && !s.srv.cfg.TLSRequired:
		s.prot = false
	case strings.EqualFold(arg, "C"):
		return s.reply("534 PROT P is required.")
	default:
		return s.reply("536 Protection level not supported.")
	}
	return s.reply("200 Protection set to " + strings.ToUpper(arg) + ".")
}

// ticketTag is what this session writes into its TLS tickets.
func (s *session) ticketTag() string {
	return fmt.Sprintf("ftptest %d %d", s.srv.tickets.Load(), s.id)
}

// controlTLS is the configuration of the control connection: it resumes
// any session that is not forgotten, and marks new ones as its own.
func (s *session) controlTLS() *tls.Config {
	return s.taggedTLS(s.srv.cfg.TLS, fmt.Sprintf("ftptest %d ", s.srv.tickets.Load()))
}

// dataTLS is the configuration of a data connection. Where reuse is required
// it resumes only this session's own tickets.
func (s *session) dataTLS() *tls.Config {
	switch {
	case s.srv.cfg.DataTLS != nil:
		return s.srv.cfg.DataTLS
	case s.srv.cfg.ReuseRequired:
		return s.taggedTLS(s.srv.cfg.TLS, s.ticketTag())
	}
	return s.controlTLS()
}

// taggedTLS resumes sessions whose tag begins with prefix.
func (s *session) taggedTLS(tickets *tls.Config, prefix string) *tls.Config {
	cfg := tickets.Clone()
	cfg.WrapSession = func(cs tls.ConnectionState, ss *tls.SessionState) ([]byte, error) {
		ss.Extra = [][]byte{[]byte(s.ticketTag())}
		return tickets.EncryptTicket(cs, ss)
	}
	cfg.UnwrapSession = func(identity []byte, cs tls.ConnectionState) (*tls.SessionState, error) {
		ss, err := tickets.DecryptTicket(identity, cs)
		if err != nil || ss == nil || len(ss.Extra) == 0 {
			return nil, err
		}
		tag := string(ss.Extra[0])
		if tag != prefix && (!strings.HasSuffix(prefix, " ") || !strings.HasPrefix(tag, prefix)) {
			return nil, nil
		}
		return ss, nil
	}
	return cfg
}

// below is what TLS of the control connection runs on.
func (s *session) below() net.Conn {
	if s.q.ChopTLS {
		return chopped{s.tcp}
	}
	return s.tcp
}

// chopped sends each byte in a packet of its own.
type chopped struct{ net.Conn }

// Write implements net.Conn.
func (c chopped) Write(p []byte) (int, error) {
	for i := range p {
		if _, err := c.Conn.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

// dropTLS says goodbye over TLS and goes on in plain text, as after CCC.
func (s *session) dropTLS() error {
	c, ok := s.conn.(*tls.Conn)
	if !ok {
		return nil
	}
	err := c.CloseWrite()
	s.conn = s.tcp
	return err
}
