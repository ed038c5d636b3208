package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
)

const (
	// headWord is what the first line of a journal of any format begins with.
	headWord = "portside queue "
	// format is the number behind it that this version reads and writes.
	format = 1
	// headLen is the length of the first line: word, format, mark, checksum.
	headLen = len(headWord) + len("1 0123456789abcdef 01234567\n")
	// frameLen is the bytes of a frame before its commit: mark, length, checksum.
	frameLen = markLen + 8
	markLen  = 8
	// maxFrame is the longest commit.
	maxFrame = 1 << 30
)

// mark begins every frame of one file.
type mark [markLen]byte

var (
	errForeign = errors.New("this is no queue of portside")
	errHead    = errors.New("the first line is damaged")
	errTorn    = errors.New("the first line ends too early")
)

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) } // made once, by the library

// appendHead adds the first line of a file with a mark to b.
func appendHead(b []byte, m mark) []byte {
	from := len(b)
	b = fmt.Appendf(b, "%s%d %x ", headWord, format, m[:])
	return fmt.Appendf(b, "%08x\n", crc32.Checksum(b[from:], castagnoli()))
}

// parseHead reads the first line of a file. Where it is damaged, the first
// frame may still tell the mark.
func parseHead(b []byte) (mark, error) {
	var m mark
	if n := min(len(b), len(headWord)); string(b[:n]) != headWord[:n] {
		return m, errForeign
	}
	if number, _, ok := bytes.Cut(b[min(len(b), len(headWord)):], []byte(" ")); ok {
		switch v, err := strconv.ParseUint(string(number), 10, 32); {
		case err != nil:
			return m, errForeign
		case v != format:
			return m, fmt.Errorf("it has format %d, and this version of portside knows %d", v, format)
		}
	}
	if len(b) < headLen {
		return m, errTorn
	}
	raw, err := hex.DecodeString(string(b[len(headWord)+2 : len(headWord)+2+2*markLen]))
	if err == nil {
		copy(m[:], raw)
		if bytes.Equal(appendHead(nil, m), b[:headLen]) {
			return m, nil
		}
	}
	return m, errHead
}

// sum is the checksum of a frame: of its length and its commit.
func sum(length, commit []byte) uint32 {
	return sumOn(crc32.Checksum(length, castagnoli()), commit)
}

// sumOn goes on with a checksum.
func sumOn(sum uint32, commit []byte) uint32 { return crc32.Update(sum, castagnoli(), commit) }

// frameSum returns the checksum that a frame says it has.
func frameSum(b []byte) uint32 { return binary.LittleEndian.Uint32(b[markLen+4:]) }

// appendFrame adds the frame of a commit to b.
func appendFrame(b []byte, m mark, commit []byte) []byte {
	b = append(b, m[:]...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(commit)))
	b = binary.LittleEndian.AppendUint32(b, sum(b[len(b)-4:], commit))
	return append(b, commit...)
}

// frameSize returns how long the frame is whose first frameLen bytes are b;
// false when none begins there.
func frameSize(b []byte, m mark) (int64, bool) {
	if len(b) < frameLen || !bytes.Equal(b[:markLen], m[:]) {
		return 0, false
	}
	n := int64(binary.LittleEndian.Uint32(b[markLen:]))
	return frameLen + n, n <= maxFrame
}

// openFrame returns the commit of a whole frame, if its checksum holds.
func openFrame(b []byte) ([]byte, bool) {
	commit := b[frameLen:]
	return commit, frameSum(b) == sum(b[markLen:markLen+4], commit)
}
