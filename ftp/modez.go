package ftp

import (
	"bufio"
	"compress/flate"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	pathpkg "path"
	"strings"
	"time"
)

// MODE Z (draft-preston-ftpext-deflate) sends the data of a transfer as one
// zlib stream. Everything that counts bytes counts the plain ones.

const (
	bombSlack = 64 << 20 // plain bytes that any transfer may have
	bombTimes = 64       // plain bytes for each byte that was announced, beyond which something is wrong
)

// alreadyPacked are the ends of names of files that do not get smaller.
const alreadyPacked = " 7z aab aac age apk appx arj avi avif br bz2 cab crx deb dmg docx ear egg epub flac flv gem gif gpg gz heic ipa " +
	"jar jpeg jpg jxl kdbx lz lz4 lzh lzma lzo m4a m4v mkv mov mp3 mp4 mpeg mpg msi nupkg odp ods odt ogg ogv opus pdf pgp pkg png " +
	"pptx rar rpm snap squashfs sz tbz tbz2 tgz tlz txz tzst vsix war webm webp whl wma wmv xlsx xpi xz z zip zipx zst "

// gainsFrom reports whether compressing a transfer may help. What begins in the
// middle of a file never is: servers count its bytes in their own ways.
func gainsFrom(verb, arg string, offset int64) bool {
	switch verb {
	case "LIST", "MLSD", "NLST":
		return true
	case "RETR", "STOR":
		return offset == 0 && !isPacked(pathpkg.Base(arg))
	}
	return false
}

// isPacked reports whether name is that of a packed file, also one on its way
// under a name with something behind.
func isPacked(name string) bool {
	parts := strings.Split(strings.ToLower(name), ".")
	for _, part := range parts[max(1, len(parts)-2):] {
		if part != "" && strings.Contains(alreadyPacked, " "+part+" ") {
			return true
		}
	}
	return false
}

// chooseMode says in which mode the next transfer goes, when that changes.
func (c *Conn) chooseMode(ctx context.Context, verb, arg string, offset int64) error {
	known := c.know.Profile()
	packs := c.cfg.Compress && c.features.Has("MODE Z") && !c.absent["MODE Z"] && known.Compress != Fails &&
		(verb != "STOR" || known.CompressUp != Fails) && gainsFrom(verb, arg, offset)
	if packs == c.packs {
		return nil
	}
	mode := "S"
	if packs {
		mode = "Z"
	}
	_, err := c.cmd(ctx, "MODE", mode, 2)
	switch {
	case fatal(err):
		return err
	case err != nil && packs:
		c.absent["MODE Z"] = true
		return nil
	case err != nil:
		return c.fail(fmt.Errorf("the server does not end compression: %w", err))
	}
	c.packs = packs
	return nil
}

// packer is the compression of one transfer.
type packer struct {
	t    *transfer
	in   *bufio.Reader // what comes from the server
	out  *bufio.Writer // what goes there
	zr   io.Reader
	zw   *zlib.Writer
	most int64 // plain bytes that may come; 0 is not known
	// until is when reading ends for good; zero: never
	until time.Time
}

// lastUntil ends reading at t: nobody goes on after that.
func (z *packer) lastUntil(t time.Time) {
	if z != nil {
		z.until = t
	}
}

// expect says how many plain bytes the server announced.
func (z *packer) expect(size int64) {
	if z != nil && size >= 0 {
		z.most = size*bombTimes + bombSlack
	}
}

// refused takes the verdict on an upload: some servers offer compression and
// cannot take what gets much smaller (ProFTPD: 451). The
// next attempt goes plain.
func (z *packer) refused(err error) {
	var refusal *ReplyError
	if z != nil && errors.As(err, &refusal) && refusal.Code != 452 && refusal.Code != 552 {
		z.t.c.know.learn(func(p *Profile) { p.CompressUp = Fails })
	}
}

// wire is the data connection below the compression. A wait for it is always as
// long as data may wait, but for the last: the compressor cannot go on after an
// error.
type wire struct{ t *transfer }

// Read implements io.Reader.
func (w wire) Read(p []byte) (int, error) {
	if until := w.t.packed.until; !until.IsZero() {
		return w.t.readWire(p, until)
	}
	return w.t.readWire(p, w.t.stall())
}

// Write implements io.Writer. What went through in part goes on.
func (w wire) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n, err := w.t.writeWire(p[done:min(len(p), done+writeChunk)])
		done += n
		if err != nil && (n == 0 || !isTimeout(err) || w.t.w.err() != nil || w.t.tail != nil) {
			return done, err
		}
	}
	return done, nil
}

// read returns plain data. The end is where both the stream and the connection
// end.
func (z *packer) read(p []byte) (int, error) {
	if z.in == nil {
		z.in = bufio.NewReaderSize(wire{z.t}, writeChunk)
		if _, err := z.in.Peek(1); err != nil {
			return 0, err // io.EOF: some servers send nothing of an empty file
		}
	}
	if z.zr == nil {
		zr, err := zlib.NewReader(z.in)
		if err != nil {
			return 0, z.broken(err)
		}
		z.zr = zr
	}
	n, err := z.zr.Read(p)
	switch {
	case z.most > 0 && z.t.n+int64(n) > z.most:
		return 0, z.fail("it grows without end")
	case n > 0 && err == io.EOF:
		return n, nil // the next call tells
	case err == io.EOF:
		if _, err = z.in.Peek(1); err == nil {
			return 0, z.fail("something stands behind its end")
		}
		return n, err
	case err != nil:
		return n, z.broken(err)
	}
	return n, nil
}

// broken explains why the stream cannot be read. One that is no zlib stream
// ends the session.
func (z *packer) broken(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the compressed data ends too early: %w", err)
	case errors.As(err, &corrupt), errors.Is(err, zlib.ErrHeader), errors.Is(err, zlib.ErrChecksum), errors.Is(err, zlib.ErrDictionary):
		return z.fail(err.Error())
	}
	return err // of the connection
}

// fail ends the session; nothing is compressed at this server from then on.
func (z *packer) fail(why string) error {
	z.t.c.know.learn(func(p *Profile) { p.Compress = Fails })
	return z.t.c.fail(&ProtocolError{Text: "the compressed data is broken: " + why})
}

// write sends plain data.
func (z *packer) write(p []byte) (int, error) {
	if z.zw == nil {
		z.out = bufio.NewWriterSize(wire{z.t}, writeChunk)
		z.zw = zlib.NewWriter(z.out)
	}
	return z.zw.Write(p)
}

// end writes the end of the stream, also of one that holds nothing.
func (z *packer) end() error {
	if z == nil {
		return nil
	}
	if _, err := z.write(nil); err != nil {
		return err
	}
	if err := z.zw.Close(); err != nil {
		return err
	}
	return z.out.Flush()
}
