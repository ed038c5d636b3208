package ftptest

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
)

const (
	sector    = 512      // each sector of generated content begins with its own number
	blockSize = 64 << 10 // the random bytes that generated content repeats
)

// generated is content that is computed when it is read: random bytes from a
// seed, repeated every block, with the number of each sector written over its
// first 8 bytes, so that no two places look alike and bytes that land at a
// wrong offset are noticed. Seed 0 is all zeros.
type generated struct {
	size  int64
	seed  uint64
	block []byte // nil for seed 0
}

func newGenerated(size int64, seed uint64) *generated {
	g := &generated{size: size, seed: seed}
	if seed != 0 {
		g.block = make([]byte, blockSize)
		r := rand.New(rand.NewPCG(seed, 0))
		for i := 0; i < blockSize; i += 8 {
			binary.LittleEndian.PutUint64(g.block[i:], r.Uint64())
		}
	}
	return g
}

// ReadAt implements io.ReaderAt without allocating.
func (g *generated) ReadAt(p []byte, off int64) (int, error) {
	if off >= g.size {
		return 0, io.EOF
	}
	var err error
	if int64(len(p)) > g.size-off {
		p, err = p[:g.size-off], io.EOF
	}
	if g.block == nil {
		clear(p)
		return len(p), err
	}
	for n := 0; n < len(p); {
		n += copy(p[n:], g.block[(off+int64(n))%blockSize:])
	}
	g.stamp(p, off)
	return len(p), err
}

// stamp writes the sector numbers over p, which lies at off.
func (g *generated) stamp(p []byte, off int64) {
	var number [8]byte
	for at := off / sector * sector; at < off+int64(len(p)); at += sector {
		binary.BigEndian.PutUint64(number[:], uint64(at/sector)^g.seed)
		if i := at - off; i >= 0 {
			copy(p[i:], number[:])
		} else if -i < int64(len(number)) {
			copy(p, number[-i:])
		}
	}
}

// Generated returns the content that [Tree.AddGenerated] makes from size and
// seed, to compare with.
func Generated(size int64, seed uint64) io.ReaderAt {
	return newGenerated(size, seed)
}
