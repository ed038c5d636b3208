package ftp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"io/fs"
	"iter"
	"time"

	"portside/ftp/listing"
)

type CertError struct {
	Chain               []*x509.Certificate
	Reason, Fingerprint string
	Err                 error
}

func (e *CertError) Error() string { return e.Reason }
func (e *CertError) Unwrap() error { return e.Err }

type Features struct{ m map[string]string }

func (f Features) Has(name string) bool { return false }

type Conn struct{}

func Dial(ctx context.Context, cfg Config) (*Conn, error)                              { panic("") }
func (c *Conn) Home() string                                                           { panic("") }
func (c *Conn) TLS() (tls.ConnectionState, bool)                                       { panic("") }
func (c *Conn) Features() Features                                                     { panic("") }
func (c *Conn) Working() Mode                                                          { panic("") }
func (c *Conn) Alive() bool                                                            { panic("") }
func (c *Conn) Close() error                                                           { panic("") }
func (c *Conn) List(ctx context.Context, dir string) iter.Seq2[listing.Entry, error]   { panic("") }
func (c *Conn) Stat(ctx context.Context, path string) (listing.Entry, error)           { panic("") }
func (c *Conn) Retr(ctx context.Context, path string, offset int64) (*Download, error) { panic("") }
func (c *Conn) Stor(ctx context.Context, path string, offset int64) (*Upload, error)   { panic("") }
func (c *Conn) Size(ctx context.Context, path string) (int64, error)                   { panic("") }
func (c *Conn) ModTime(ctx context.Context, path string) (time.Time, error)            { panic("") }
func (c *Conn) SetModTime(ctx context.Context, path string, t time.Time) error         { panic("") }
func (c *Conn) Chmod(ctx context.Context, path string, mode fs.FileMode) error         { panic("") }
func (c *Conn) MakeDir(ctx context.Context, path string) error                         { panic("") }
func (c *Conn) RemoveDir(ctx context.Context, path string) error                       { panic("") }
func (c *Conn) Delete(ctx context.Context, path string) error                          { panic("") }
func (c *Conn) Rename(ctx context.Context, from, to string) error                      { panic("") }
func (c *Conn) Noop(ctx context.Context) error                                         { panic("") }

type Download struct{}

func (d *Download) Read(p []byte) (int, error)         { panic("") }
func (d *Download) WriteTo(w io.Writer) (int64, error) { panic("") }
func (d *Download) Size() int64                        { panic("") }
func (d *Download) Close() error                       { panic("") }

type Upload struct{}

func (u *Upload) Write(p []byte) (int, error)         { panic("") }
func (u *Upload) ReadFrom(r io.Reader) (int64, error) { panic("") }
func (u *Upload) Close() error                        { panic("") }
func (u *Upload) Abort() error                        { panic("") }
