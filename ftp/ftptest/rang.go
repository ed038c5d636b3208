package ftptest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// fileRange is the bytes of a file from one on and before another.
type fileRange struct{ from, end int64 }

// wholeFile is all of any file.
func wholeFile() fileRange { return fileRange{0, math.MaxInt64} }

// cutPart takes the part off an argument that names one behind a file.
func cutPart(arg string) (part fileRange, name string) {
	fields := strings.Fields(arg)
	if len(fields) < 3 {
		return wholeFile(), arg
	}
	from, err := strconv.ParseInt(fields[len(fields)-2], 10, 64)
	end, err2 := strconv.ParseInt(fields[len(fields)-1], 10, 64)
	if err != nil || err2 != nil || from < 0 || end < from {
		return wholeFile(), arg
	}
	name = strings.TrimSuffix(arg, fields[len(fields)-2]+" "+fields[len(fields)-1])
	return fileRange{from, end}, strings.TrimRight(name, " ")
}

// rangCmd is RANG, which names the last byte; "1 0" is the whole file again.
// Transfers of this server do not keep to it.
func (s *session) rangCmd(arg string) error {
	if !s.q.Sums.offers("RANG") {
		return s.reply("502 Command not implemented.")
	}
	from, last := int64(0), int64(0)
	if _, err := fmt.Sscan(arg, &from, &last); err != nil || from < 0 {
		return s.reply("501 Bad range.")
	}
	s.rang = fileRange{from, last + 1}
	if last < from {
		s.rang = fileRange{}
	}
	return s.reply("350 Restarting at " + strconv.FormatInt(from, 10) + ".")
}
