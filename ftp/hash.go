package ftp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// HashRange is a part of a file: Length bytes from Offset on, or all that
// follows when Length is 0. The zero value is the whole file.
type HashRange struct{ Offset, Length int64 }

// whole reports whether nothing is left out.
func (r HashRange) whole() bool { return r == HashRange{} }

// Digest is the checksum of a file's bytes, as the server computed it.
type Digest struct {
	Algorithm string // "SHA-512", "SHA-256", "SHA-1", "MD5" or "CRC32"
	Sum       []byte // of CRC32 in big-endian order
}

// hashWay is one of the commands that compute a checksum.
type hashWay struct{ verb, algorithm string }

// algorithms returns what we can compare with, the best first, and how many
// bytes a sum of it has.
func algorithms() []struct {
	name string
	size int
} {
	return []struct {
		name string
		size int
	}{{"SHA-512", 64}, {"SHA-256", 32}, {"SHA-1", 20}, {"MD5", 16}, {"CRC32", 4}}
}

// sumSize returns how many bytes a sum has, 0 for an unknown algorithm.
func sumSize(algorithm string) int {
	for _, a := range algorithms() {
		if a.name == algorithm {
			return a.size
		}
	}
	return 0
}

// Hash returns the checksum of a file, or of a part of it, that the server
// computes, by the best algorithm that it has: HASH (draft-bryan-ftpext-hash),
// or XSHA512, XSHA256, XSHA1, XSHA, XMD5, MD5 and XCRC. It blocks while the
// server reads the file: as long as for any reply, and a second for each 10 MiB.
// Where the server has no such command, or none for parts, the error matches
// errors.ErrUnsupported.
func (c *Conn) Hash(ctx context.Context, path string, part HashRange) (d Digest, err error) {
	err = c.do(ctx, "hash", path, func() error {
		if part.Offset < 0 || part.Length < 0 || part.Offset+part.Length < 0 {
			return fmt.Errorf("no such part of a file: %w", fs.ErrInvalid)
		}
		d, err = c.hash(ctx, path, part)
		return err
	})
	return d, err
}

// HashPart is Hash of a part of a file that has size bytes: that is not asked.
func (c *Conn) HashPart(ctx context.Context, path string, part HashRange, size int64) (d Digest, err error) {
	err = c.do(ctx, "hash", path, func() error {
		if part.Offset < 0 || part.Length <= 0 || part.Offset+part.Length > size {
			return fmt.Errorf("no such part of a file: %w", fs.ErrInvalid)
		}
		ways := c.hashWays(part)
		if len(ways) == 0 {
			return errNoHash(part)
		}
		if err := c.binary(ctx); err != nil {
			return err
		}
		return c.shorten(ctx, "HASH", path, func(arg string) error {
			d, err = c.hashAny(ctx, ways, arg, part, size)
			return err
		})
	})
	return d, err
}

// hash is Hash for the holder of the token.
func (c *Conn) hash(ctx context.Context, path string, part HashRange) (Digest, error) {
	ways := c.hashWays(part)
	if len(ways) == 0 {
		return Digest{}, errNoHash(part)
	}
	size, err := c.size(ctx, path) // also makes it binary
	switch {
	case fatal(err), err != nil && errors.Is(err, fs.ErrNotExist):
		return Digest{}, err
	case err != nil && part.Length == 0 && part.Offset > 0:
		return Digest{}, fmt.Errorf("the end of the file is not known: %w", err)
	case err != nil:
		size = maxHashed
	case part.Length == 0:
		part.Length = size - part.Offset
	}
	if err == nil && (part.Offset > 0 && part.Length <= 0 || part.Offset+part.Length > size) {
		return Digest{}, fmt.Errorf("the file has only %d bytes: %w", size, fs.ErrInvalid)
	}
	if err == nil && part.Offset == 0 && part.Length == size {
		part = HashRange{}
	}
	return c.hashAny(ctx, ways, path, part, size)
}

// hashAny computes a checksum by the first of ways that can.
func (c *Conn) hashAny(ctx context.Context, ways []hashWay, path string, part HashRange, size int64) (Digest, error) {
	limit := c.cfg.Timeouts.Reply + hashTime(size)
	for _, way := range ways {
		d, err := c.hashBy(ctx, way, path, part, limit)
		if err == nil || !errors.Is(err, errors.ErrUnsupported) {
			return d, err
		}
	}
	return Digest{}, errNoHash(part)
}

// hashTime returns how long a server may take to read size bytes.
func hashTime(size int64) time.Duration { return time.Duration(size/hashRate+1) * time.Second }

// errNoHash says that the server cannot.
func errNoHash(part HashRange) error {
	if part.whole() {
		return fmt.Errorf("the server computes no checksums: %w", errors.ErrUnsupported)
	}
	return fmt.Errorf("the server computes no checksums of parts of a file: %w", errors.ErrUnsupported)
}

// hashCommands returns the commands with an algorithm each, the best one first.
func hashCommands() []hashWay {
	return []hashWay{
		{"XSHA512", "SHA-512"}, {"XSHA256", "SHA-256"}, {"XSHA1", "SHA-1"}, {"XSHA", "SHA-1"}, {"XMD5", "MD5"}, {"MD5", "MD5"}, {"XCRC", "CRC32"},
	}
}

// hashWays returns the commands that may compute the checksum here.
func (c *Conn) hashWays(part HashRange) []hashWay {
	var ways []hashWay
	alg := c.bestOffered()
	if alg != "" && !c.absent["HASH"] && part.whole() {
		ways = append(ways, hashWay{"HASH", alg})
	}
	for _, way := range hashCommands() {
		parts := way.verb != "MD5" && !c.absent["parts "+way.verb]
		if !c.absent[way.verb] && c.features.may(way.verb) && (part.whole() || parts) {
			ways = append(ways, way)
		}
	}
	// ProFTPD takes the part and then reads the whole file: not before others.
	if alg != "" && !c.absent["HASH"] && !part.whole() && c.features.Has("RANG") && !c.absent["RANG HASH"] {
		ways = append(ways, hashWay{"HASH", alg})
	}
	return ways
}

// offers returns the algorithms of HASH, as in "HASH SHA-1*;SHA-256;MD5", where
// the star marks the one in use.
func (c *Conn) offers() map[string]bool {
	offered := map[string]bool{}
	for name := range strings.FieldsFuncSeq(c.features.Args("HASH"), func(r rune) bool { return r == ';' || r == ' ' || r == ',' }) {
		name, current := strings.CutSuffix(strings.ToUpper(name), "*")
		offered[name] = true
		if current && c.hashes == "" {
			c.hashes = name
		}
	}
	return offered
}

// bestOffered returns the best algorithm of HASH.
func (c *Conn) bestOffered() string {
	offered := c.offers()
	for _, a := range algorithms() {
		if offered[a.name] && !c.absent["HASH "+a.name] {
			return a.name
		}
	}
	return ""
}

// hashBy computes the checksum by one command.
func (c *Conn) hashBy(ctx context.Context, way hashWay, path string, part HashRange, limit time.Duration) (Digest, error) {
	if way.verb == "HASH" {
		return c.hashByHASH(ctx, way, path, part, limit)
	}
	arg := quoteSpaces(path)
	if way.verb == "MD5" {
		arg = path
	}
	if !part.whole() {
		end, err := c.lastByte(ctx, way, path)
		if err != nil {
			return Digest{}, err
		}
		arg = fmt.Sprintf("%s %d %d", arg, part.Offset, part.Offset+part.Length-end)
	}
	return c.sum(ctx, way, arg, path, limit)
}

// sum sends one command and reads the sum in its answer.
func (c *Conn) sum(ctx context.Context, way hashWay, arg, path string, limit time.Duration) (Digest, error) {
	r, err := c.cmdWithin(ctx, limit, way.verb, arg, 2)
	if err != nil {
		return Digest{}, unsupported(err)
	}
	sum, ok := parseSum(r, sumSize(way.algorithm), path)
	if !ok {
		return Digest{}, errors.New("the server told no checksum: " + c.mask(r.lines[len(r.lines)-1]))
	}
	return Digest{Algorithm: way.algorithm, Sum: sum}, nil
}

// lastByte returns what has to be taken from the end of a part so that the
// server hashes just that part: 0 where its ends do not belong to the part, 1
// where they do. The documents differ, and so do servers; one byte is hashed
// to find out, once in a session for each command.
func (c *Conn) lastByte(ctx context.Context, way hashWay, path string) (int64, error) {
	if end, known := c.hashEnds[way.verb]; known {
		return end, nil
	}
	for end, arg := range []string{" 1 2", " 1 1"} {
		d, err := c.sum(ctx, way, quoteSpaces(path)+arg, path, c.cfg.Timeouts.Reply)
		switch {
		case fatal(err), errors.Is(err, errors.ErrUnsupported), errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
			return 0, err
		case err == nil && d.ofOneByte():
			c.hashEnds[way.verb] = int64(end)
			return int64(end), nil
		}
	}
	c.absent["parts "+way.verb] = true
	return 0, errNoHash(HashRange{Offset: 1})
}

// hashByHASH computes the checksum by HASH, of a part by RANG before it.
func (c *Conn) hashByHASH(ctx context.Context, way hashWay, path string, part HashRange, limit time.Duration) (Digest, error) {
	if c.hashes != way.algorithm {
		if _, err := c.cmd(ctx, "OPTS", "HASH "+way.algorithm, 2); err != nil {
			c.absent["HASH "+way.algorithm] = true
			return Digest{}, refusedHash(err)
		}
		c.hashes = way.algorithm
	}
	if !part.whole() {
		if _, err := c.cmd(ctx, "RANG", fmt.Sprintf("%d %d", part.Offset, part.Offset+part.Length-1), 2, 3); err != nil {
			c.absent["RANG HASH"] = true
			return Digest{}, refusedHash(err)
		}
	}
	r, err := c.cmdWithin(ctx, limit, "HASH", path, 2)
	if !part.whole() && !fatal(err) {
		// Or the next transfer would be cut to the part.
		if _, err := c.cmd(ctx, "RANG", "1 0", 2, 3); err != nil {
			return Digest{}, c.fail(fmt.Errorf("the server does not forget a part of a file: %w", err))
		}
	}
	if err != nil {
		return Digest{}, unsupported(err)
	}
	h, ok := parseHash(r)
	switch {
	case !ok:
		return Digest{}, errors.New("the server told no checksum: " + c.mask(r.lines[len(r.lines)-1]))
	case !part.whole() && !h.covers(part):
		c.absent["RANG HASH"] = true
		return Digest{}, errNoHash(part)
	}
	return h.Digest, nil
}

// refusedHash makes any refusal of the ways to a checksum lead to the next one.
func refusedHash(err error) error {
	if fatal(err) {
		return err
	}
	return &kindError{kind: errors.ErrUnsupported, cause: err}
}

// quoteSpaces returns path as the commands want it that take more behind it.
func quoteSpaces(path string) string {
	if strings.Contains(path, " ") && !strings.Contains(path, `"`) {
		return `"` + path + `"`
	}
	return path
}
