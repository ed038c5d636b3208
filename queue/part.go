package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// maxName is the longest file name that common file systems take, in bytes.
	maxName = 255
	// recordFrom is the size of a file from which on a part has a record; what is
	// smaller starts anew as fast as it would be proved.
	recordFrom = 1 << 20
	// maxRecord is the longest record that is read, in bytes.
	maxRecord = 64 << 10
	// maxSpans is the most spans of a record; that many fit.
	maxSpans = 1 << 10
	// recordVersion is what the records of today say of themselves.
	recordVersion = 1
)

// PartName returns the name under which a file grows until it is whole. A
// name that would be too long is cut and told apart by a hash.
func PartName(name string) string { return aside(name, ".portside", maxName) }

// apartName returns the name under which a file grows that several streams
// write. It has holes until it is whole: nothing that takes a part's length for
// what it holds ever sees it.
func apartName(name string) string { return aside(name, ".portside.apart", maxName) }

// trialName returns the name of the file that is to show whether they can.
func trialName(name string) string { return aside(name, ".portside.trial", maxName) }

// recordName returns the name of the record beside a part. One byte stays
// free, for the name that it is written under.
func recordName(name string) string { return aside(name, ".portside.json", maxName-1) }

// aside puts a dot before a name and after behind it, in at most limit bytes.
func aside(name, after string, limit int) string {
	const before = "."
	if len(before)+len(name)+len(after) <= limit {
		return before + name + after
	}
	sum := sha256.Sum256([]byte(name))
	tag := "~" + hex.EncodeToString(sum[:6])
	longest := limit - len(before) - len(after) - len(tag)
	cut := longest
	for cut > 0 && !utf8.RuneStart(name[cut]) && cut > longest-utf8.UTFMax {
		cut--
	}
	return before + name[:cut] + tag + after
}

// record is what stands beside a part of the local disk, so that any later
// process can prove the part and go on: what it is a part of, as the source
// was when the part was begun.
type record struct {
	Version   int       `json:"portside"`
	Source    string    `json:"source"` // as sourceName makes it
	Size      int64     `json:"size"`
	Time      time.Time `json:"time,omitzero"` // UTC; zero when unknown
	Precision string    `json:"precision"`     // of Time
	Adopted   bool      `json:"adopted,omitempty"`
	// Spans are ranges of bytes, from and behind, that are on the disk for
	// certain, in order and apart. Without the list the part is one stream, and
	// as long as its file; an empty one says that nothing is certain.
	Spans [][2]int64 `json:"spans,omitzero"`
}

// sourceName names a file at an address. What stands behind a question mark
// is how to get there, not where it is.
func sourceName(p Place) string {
	address, _, _ := strings.Cut(p.Address, "?")
	return address + " " + p.Path
}

// newRecord makes the record of a part of a source.
func newRecord(source Place, p *part) *record {
	return &record{
		Version: recordVersion, Source: sourceName(source), Size: p.size, Time: p.time.UTC(),
		Precision: p.prec.String(), Adopted: p.adopted,
	}
}

// errNoRecord says that what was read is no record that this version can use.
var errNoRecord = errors.New("no record of a part")

// parseRecord reads a record. Whatever is not whole, not of this version or
// says what cannot be is an error: the part then counts as one without record.
func parseRecord(data []byte) (*record, error) {
	if len(data) > maxRecord || !utf8.Valid(data) {
		return nil, errNoRecord
	}
	r := &record{}
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(r); err != nil {
		return nil, errNoRecord
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errNoRecord // something follows
	}
	address, path, _ := strings.Cut(r.Source, " ")
	if r.Version != recordVersion || address == "" || path == "" || r.Size < 0 || !r.spansFit() {
		return nil, errNoRecord
	}
	if _, ok := precisionOf(r.Precision); !ok {
		return nil, errNoRecord
	}
	r.Time = r.Time.UTC()
	return r, nil
}

// spansFit reports whether the spans are in order, apart, and within the size.
func (r *record) spansFit() bool {
	if len(r.Spans) > maxSpans {
		return false
	}
	end := int64(0)
	for _, s := range r.Spans {
		if s[0] < end || s[1] <= s[0] || s[1] > r.Size {
			return false
		}
		end = s[1]
	}
	return true
}

// precisionOf is the way back from [Precision.String].
func precisionOf(s string) (Precision, bool) {
	for p := Second; p <= Day; p++ {
		if p.String() == s {
			return p, true
		}
	}
	return 0, false
}

// part returns what a job has to know of the part.
func (r *record) part() *part {
	prec, _ := precisionOf(r.Precision)
	return &part{size: r.Size, time: r.Time, prec: prec, adopted: r.Adopted}
}

// encode returns the record as it stands on the disk.
func (r *record) encode() ([]byte, error) {
	data, err := json.Marshal(r)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the record of a part: %w", err)
	case len(data) >= maxRecord || len(r.Spans) > maxSpans:
		return nil, errors.New("the record of a part is too long")
	}
	return append(data, '\n'), nil
}

// recorder returns the disk of the target if parts have records there.
func (t *task) recorder() Recorder {
	if !t.to.ep.local {
		return nil
	}
	r, _ := t.disk().(Recorder)
	return r
}

// readRecord returns the record beside the part of a target's name; nil
// without one that can be used.
func (t *task) readRecord(ctx context.Context, name string) (*record, error) {
	disk := t.recorder()
	if disk == nil {
		return nil, nil
	}
	path, err := t.disk().Join(t.dstDir, recordName(name))
	if err != nil {
		return nil, err
	}
	data, err := disk.ReadSmall(ctx, path, maxRecord)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil && ctx.Err() != nil:
		return nil, at(t.to, err)
	case err != nil:
		return nil, nil // a directory, too long, not readable: as good as none
	}
	r, err := parseRecord(data)
	if err != nil {
		return nil, nil
	}
	return r, nil
}

// writeRecord puts a record beside the part of a target's name.
func (t *task) writeRecord(ctx context.Context, name string, r *record) error {
	disk := t.recorder()
	if disk == nil {
		return nil
	}
	path, err := t.disk().Join(t.dstDir, recordName(name))
	if err != nil {
		return err
	}
	data, err := r.encode()
	if err != nil {
		return err
	}
	return at(t.to, disk.WriteSmall(ctx, path, data))
}

// removeRecord takes away the record beside the part of a target's name.
func (t *task) removeRecord(ctx context.Context, name string) error {
	if t.recorder() == nil {
		return nil
	}
	path, err := t.disk().Join(t.dstDir, recordName(name))
	if err != nil {
		return err
	}
	if err := t.disk().Remove(ctx, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return at(t.to, err)
	}
	return nil
}
