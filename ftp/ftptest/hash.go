package ftptest

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"slices"
	"strings"
)

// Sums makes a server compute checksums. The zero value offers none.
type Sums struct {
	// Offers are lines of FEAT: "HASH SHA-256*;CRC32", "XCRC", "XMD5", "XSHA1",
	// "XSHA256", "XSHA512". What is not among them is refused (502).
	// "RANG STREAM" makes HASH compute those of a part.
	Offers []string
	// Parts makes the others compute those of a part: "XCRC name 2 7" is of five
	// bytes.
	Parts bool
	// Lie tells a wrong sum.
	Lie bool
	// Above is the size from which on files are refused (550); 0: none are.
	Above int64
	// Other answers HASH by an algorithm that nobody asked for.
	Other string
}

// offers reports whether FEAT has a line that begins with a verb.
func (o *Sums) offers(verb string) bool {
	return slices.ContainsFunc(o.Offers, func(line string) bool {
		name, _, _ := strings.Cut(line, " ")
		return name == verb
	})
}

// newSum returns the hash that HASH and OPTS know by a name.
func newSum(algorithm string) hash.Hash {
	switch algorithm {
	case "SHA-512":
		return sha512.New()
	case "SHA-256":
		return sha256.New()
	case "SHA-1":
		return sha1.New()
	case "MD5":
		return md5.New()
	case "CRC32":
		return crc32.NewIEEE()
	}
	return nil
}

// sumCmd returns a command that answers with a sum and no more.
func sumCmd(verb, algorithm string) func(*session, string) error {
	return func(s *session, arg string) error {
		if !s.q.Sums.offers(verb) {
			return s.reply("502 Command not implemented.")
		}
		part, arg := wholeFile(), arg
		if s.q.Sums.Parts {
			part, arg = cutPart(arg)
		}
		sum, _, refusal := s.sum(algorithm, strings.Trim(arg, `"`), part)
		if refusal != "" {
			return s.reply(refusal)
		}
		return s.reply("250-Computing.", "250 "+strings.ToUpper(sum))
	}
}

// hashCmd is HASH.
func (s *session) hashCmd(arg string) error {
	if !s.q.Sums.offers("HASH") {
		return s.reply("502 Command not implemented.")
	}
	algorithm := s.algorithm()
	if s.q.Sums.Other != "" {
		algorithm = s.q.Sums.Other
	}
	part := wholeFile()
	if s.rang != (fileRange{}) {
		part = s.rang
	}
	sum, size, refusal := s.sum(algorithm, arg, part)
	if refusal != "" {
		return s.reply(refusal)
	}
	return s.reply(fmt.Sprintf("213 %s %d-%d %s %s", algorithm, part.from, min(part.end, size), sum, arg))
}

// algorithm is what HASH computes: the one that was asked for, or the one with
// a star.
func (s *session) algorithm() string {
	if s.hashes != "" {
		return s.hashes
	}
	for _, line := range s.q.Sums.Offers {
		for name := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ' ' || r == ';' }) {
			if name, ok := strings.CutSuffix(name, "*"); ok {
				return name
			}
		}
	}
	return "SHA-1"
}

// optsHash is OPTS HASH.
func (s *session) optsHash(name string) error {
	if !s.q.Sums.offers("HASH") || newSum(name) == nil {
		return s.reply("501 Option not understood.")
	}
	s.hashes = name
	return s.reply("200 " + name)
}

// sum computes a checksum, or refuses to.
func (s *session) sum(algorithm, arg string, part fileRange) (sum string, size int64, refusal string) {
	c, err := s.tree().open(s.path(arg))
	if err != nil {
		return "", 0, reason(err)
	}
	if q := s.q.Sums; q.Above > 0 && c.size() > q.Above {
		return "", 0, "550 Too large to compute a checksum of."
	}
	h := newSum(algorithm)
	if _, err := io.Copy(h, io.NewSectionReader(&c, part.from, min(part.end, c.size())-part.from)); err != nil {
		return "", 0, reason(err)
	}
	digest := h.Sum(nil)
	if s.q.Sums.Lie {
		digest[0] ^= 1
	}
	return hex.EncodeToString(digest), c.size(), ""
}
