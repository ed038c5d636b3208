package ftp

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"strconv"
	"strings"
)

// hashed is what an answer to HASH says.
type hashed struct {
	Digest
	from, to int64 // the part, as the server tells it
}

// covers reports whether the checksum is that of part. Servers differ in
// whether the second number is the last byte or the one behind it.
func (h hashed) covers(part HashRange) bool {
	end := part.Offset + part.Length
	return h.from == part.Offset && (h.to == end-1 || h.to == end)
}

// parseHash reads "SHA-256 0-99 e3b0... name" in the last line of an answer.
func parseHash(r reply) (hashed, bool) {
	text := r.text()
	fields := strings.Fields(text[len(text)-1])
	if len(fields) < 3 {
		return hashed{}, false
	}
	h := hashed{Digest: Digest{Algorithm: strings.ToUpper(fields[0])}}
	from, to, ok := strings.Cut(fields[1], "-")
	var err, err2 error
	h.from, err = strconv.ParseInt(from, 10, 64)
	h.to, err2 = strconv.ParseInt(to, 10, 64)
	size := sumSize(h.Algorithm)
	if !ok || err != nil || err2 != nil || size == 0 {
		return hashed{}, false
	}
	h.Sum, ok = parseHex(fields[2], size)
	return h, ok
}

// parseSum finds a sum of size bytes in an answer: "250 AF083B2D",
// "250 SHA1 2259...", `251 "/a b" 6f59...`. The path, which the answer may hold,
// can look like one itself.
func parseSum(r reply, size int, path string) ([]byte, bool) {
	text := r.text()
	last := strings.Replace(text[len(text)-1], path, "", 1)
	var sum []byte
	for field := range strings.FieldsFuncSeq(last, func(r rune) bool { return strings.ContainsRune(" \t\"'=:,;()", r) }) {
		if found, ok := parseHex(field, size); ok && (sum == nil || len(field) == 2*size) {
			sum = found
		}
	}
	return sum, sum != nil
}

// parseHex reads a sum of size bytes. Some servers write CRC32 as a number,
// without the zeros in front.
func parseHex(s string, size int) ([]byte, bool) {
	if size == 4 {
		n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(s), "0x"), 16, 32)
		return binary.BigEndian.AppendUint32(nil, uint32(n)), err == nil
	}
	if len(s) != 2*size {
		return nil, false
	}
	sum, err := hex.DecodeString(s)
	return sum, err == nil
}

// ofOneByte reports whether d is the checksum of a single byte.
func (d Digest) ofOneByte() bool {
	for b := range 256 {
		if bytes.Equal(d.Sum, sumOf(d.Algorithm, []byte{byte(b)})) {
			return true
		}
	}
	return false
}

// sumOf returns the checksum of data.
func sumOf(algorithm string, data []byte) []byte {
	switch algorithm {
	case "SHA-512":
		sum := sha512.Sum512(data)
		return sum[:]
	case "SHA-256":
		sum := sha256.Sum256(data)
		return sum[:]
	case "SHA-1":
		sum := sha1.Sum(data)
		return sum[:]
	case "MD5":
		sum := md5.Sum(data)
		return sum[:]
	default:
		return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(data))
	}
}
