package listing

import "time"

// Dialect is a way to write a listing.
type Dialect uint8

// The dialects.
const (
	MLSD       Dialect = iota // facts (RFC 3659)
	Unix                      // like ls -l
	DOS                       // like dir; IIS
	EPLF                      // the easily parsed list format
	VMS                       // like DIRECTORY, one row or two
	MVS                       // datasets of z/OS
	PDS                       // members of a partitioned dataset of z/OS
	AS400                     // IBM i
	ZVM                       // z/VM and its ancestors
	OS2                       // OS/2
	OS9                       // Microware's OS-9
	Netware                   // rights in brackets
	NonStop                   // HP NonStop, once Tandem
	MacWebStar                // Unix with two forks
	WfFTP                     // Nortel's routers
	VxWorks                   // dosFs of VxWorks
	Chameleon                 // Chameleon and Super-TCP: the name comes first
	Enterprise                // batches of Connect:Enterprise
	dialects
)

// String returns the dialect's name.
func (d Dialect) String() string {
	if d >= dialects {
		return "unknown"
	}
	return [...]string{
		"MLSD", "Unix", "DOS", "EPLF", "VMS", "MVS", "PDS", "AS/400", "z/VM", "OS/2", "OS-9", "Netware", "NonStop",
		"MacWebStar", "WfFTP", "VxWorks", "Chameleon", "Connect:Enterprise",
	}[d]
}

// verdict says what a row turned out to be.
type verdict uint8

const (
	badRow   verdict = iota
	emptyRow         // nothing: a blank line, the directory itself
	headRow          // nothing to show, yet it tells the dialect: a heading, a total
	moreRow          // the beginning of an entry that goes on in the next row
	bareRow          // an entry, where the other rows tell the dialect
	looseRow         // an entry, though another dialect may explain it better
	goodRow          // an entry
)

// entry reports whether there is an entry.
func (v verdict) entry() bool { return v >= bareRow }

// weight is what a row says for its dialect.
func (v verdict) weight() int {
	switch v {
	case goodRow:
		return 3
	case looseRow:
		return 2
	case headRow:
		return 1
	}
	return 0
}

// row reads one row in a dialect.
func (d Dialect) row(line string, now time.Time) (Entry, verdict) {
	switch d {
	case MLSD:
		return mlsdRow(line)
	case Unix:
		return unixRow(line, now)
	case DOS:
		return dosRow(line)
	case EPLF:
		return eplfRow(line)
	case VMS:
		return vmsRow(line)
	case MVS:
		return mvsRow(line)
	case PDS:
		return pdsRow(line)
	case AS400:
		return as400Row(line)
	case ZVM:
		return zvmRow(line)
	case OS2:
		return os2Row(line)
	case OS9:
		return os9Row(line)
	case Netware:
		return netwareRow(line, now)
	case NonStop:
		return nonStopRow(line)
	case MacWebStar:
		return macRow(line, now)
	case WfFTP:
		return wfftpRow(line)
	case VxWorks:
		return vxworksRow(line)
	case Chameleon:
		return chameleonRow(line)
	case Enterprise:
		return enterpriseRow(line, now)
	}
	return Entry{}, badRow
}

// choose returns the dialect that explains the rows best: the hint, where
// others are no better.
func choose(rows []row, hint Dialect, now time.Time) Dialect {
	best, most := hint, 0
	for i := range dialects {
		d := (hint + i) % dialects
		j := joiner{dialect: d, now: now}
		score := 0
		for _, r := range rows {
			if r.cut {
				continue
			}
			_, v, _ := j.next(r.text)
			score += v.weight()
		}
		if score > most {
			best, most = d, score
		}
	}
	return best
}

// joiner reads rows in one dialect, and joins those that belong together.
type joiner struct {
	dialect Dialect
	now     time.Time
	held    string // a row that goes on in the next
}

// next reads a row. Where the row before waited for it in vain, that row is
// lost.
func (j *joiner) next(line string) (e Entry, v verdict, lost string) {
	if lost = j.held; lost != "" {
		j.held = ""
		if e, v = j.dialect.row(lost+" "+line, j.now); v.entry() {
			return e, v, ""
		}
	}
	e, v = j.dialect.row(line, j.now)
	if v == moreRow {
		j.held = line
	}
	return e, v, lost
}
