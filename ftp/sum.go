package ftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// sumInBurst is how large a file may be whose checksum is asked for together
// with what else follows an upload: its answer comes within any time-out.
const sumInBurst = 16 << 20

// cheap returns the algorithms that find accidents, the one first that costs
// both ends the least. Measured, GB/s here and s/GiB in ProFTPD: SHA-256 and
// SHA-1 1.2 and 0.7, with the instructions that processors have for them;
// CRC32 18 and 3.6; SHA-512 0.8 and 1.1; MD5 0.5 and 1.5.
func cheap() []string { return []string{"SHA-256", "SHA-1", "CRC32", "SHA-512", "MD5"} }

// SumBy returns the algorithm of the checksums that the server announced and
// that cost the least, or "". It asks nothing, and belongs to whoever uses the
// session.
func (c *Conn) SumBy() string {
	for _, algorithm := range cheap() {
		if len(c.sumWays(algorithm)) > 0 {
			return algorithm
		}
	}
	return ""
}

// sumWays returns the announced commands that compute a whole file's checksum by
// an algorithm. HASH comes first: it takes any name as it is.
func (c *Conn) sumWays(algorithm string) []hashWay {
	var ways []hashWay
	if c.offers()[algorithm] && !c.absent["HASH"] && !c.absent["HASH "+algorithm] {
		ways = append(ways, hashWay{"HASH", algorithm})
	}
	for _, way := range hashCommands() {
		if way.algorithm == algorithm && c.features.Has(way.verb) && !c.absent[way.verb] {
			ways = append(ways, way)
		}
	}
	return ways
}

// Sum returns the checksum of a whole file of size bytes, as the server computes
// it by an algorithm. It asks for nothing else, and waits as Hash does. Where
// the server has no command for it, the error matches errors.ErrUnsupported.
func (c *Conn) Sum(ctx context.Context, path, algorithm string, size int64) (sum []byte, err error) {
	err = c.do(ctx, "hash", path, func() error {
		if err := c.binary(ctx); err != nil {
			return err
		}
		sum, err = c.sumOf(ctx, path, algorithm, size)
		return err
	})
	return sum, err
}

// sumOf is Sum for the holder of the token.
func (c *Conn) sumOf(ctx context.Context, path, algorithm string, size int64) ([]byte, error) {
	limit := c.cfg.Timeouts.Reply + hashTime(max(size, 0))
	for _, way := range c.sumWays(algorithm) {
		var d Digest
		err := c.shorten(ctx, way.verb, path, func(arg string) (err error) {
			d, err = c.hashBy(ctx, way, arg, HashRange{}, limit)
			return err
		})
		switch {
		case err == nil && d.Algorithm == algorithm:
			return d.Sum, nil
		case err == nil:
			c.absent["HASH "+algorithm] = true // it computes what it likes
		case !errors.Is(err, errors.ErrUnsupported):
			return nil, err
		}
	}
	return nil, errNoHash(HashRange{})
}

// Checksum is what the server's checksum of an upload has to be.
type Checksum struct {
	Digest
	// Required makes it an error when the server does not tell.
	Required bool
	// Equal reports, after Land, that the server computed the same, and Refused
	// why it told nothing.
	Equal   bool
	Refused error
}

// SumError says that a server holds other bytes than it was sent.
type SumError struct {
	Path      string
	Algorithm string
	Got, Want []byte
}

// Error returns both sums.
func (e *SumError) Error() string {
	return fmt.Sprintf("%s: the server's %s is %x, and what was sent has %x", e.Path, e.Algorithm, e.Got, e.Want)
}

// soon reports whether the checksum may be asked for in one burst with others.
func (c *Conn) soon(l Landing) bool {
	return l.Sum != nil && l.Size >= 0 && !long(l.Path) && l.Size <= sumInBurst && c.bursts() && len(c.sumWays(l.Sum.Algorithm)) > 0
}

// sumCommands returns what asks for the checksum of an upload the cheapest way:
// perhaps which one is wanted first, and then the sum.
func (c *Conn) sumCommands(l Landing) []command {
	switch way := c.sumWays(l.Sum.Algorithm)[0]; {
	case way.verb != "HASH":
		return []command{{way.verb, quoteSpaces(l.Path)}}
	case c.hashes != way.algorithm:
		return []command{{"OPTS", "HASH " + way.algorithm}, {"HASH", l.Path}}
	default:
		return []command{{"HASH", l.Path}}
	}
}

// summed judges the answer to the last of sumCommands. One that does not tell
// leads to the other ways.
func (c *Conn) summed(ctx context.Context, l Landing, verb string, r reply, refused error) error {
	if fatal(refused) {
		return refused
	}
	sum := l.Sum
	if verb == "HASH" && refused == nil {
		if h, ok := parseHash(r); ok && h.Algorithm == sum.Algorithm {
			c.hashes = h.Algorithm
			return sum.compare(l.Path, h.Sum)
		}
	} else if refused == nil {
		if got, ok := parseSum(r, sumSize(sum.Algorithm), l.Path); ok {
			return sum.compare(l.Path, got)
		}
	}
	if refused != nil && !notKnown(refused) {
		return c.unsummed(ctx, l, refused)
	}
	return c.prove(ctx, l)
}

// prove asks for the checksum by itself.
func (c *Conn) prove(ctx context.Context, l Landing) error {
	got, err := c.sumOf(ctx, l.Path, l.Sum.Algorithm, l.Size)
	if err != nil {
		return c.unsummed(ctx, l, err)
	}
	return l.Sum.compare(l.Path, got)
}

// unsummed goes on without a checksum where that is allowed.
func (c *Conn) unsummed(ctx context.Context, l Landing, err error) error {
	if l.Sum.Required || c.over() != nil || ctx.Err() != nil {
		return err
	}
	l.Sum.Refused = err
	return nil
}

// compare compares what the server computed.
func (s *Checksum) compare(path string, got []byte) error {
	if !bytes.Equal(got, s.Digest.Sum) {
		return &SumError{Path: path, Algorithm: s.Algorithm, Got: got, Want: s.Digest.Sum}
	}
	s.Equal = true
	return nil
}
