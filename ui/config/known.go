package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// knownHead begins known_certs. A later format has a higher number.
const (
	knownHead    = "portside known_certs "
	knownVersion = 1
	knownWords   = "# Servers that have spoken TLS, and since when. portside never speaks to them in plain text by itself.\n"
)

// Known is which servers have ever spoken TLS: a line "tls HOST:PORT DATE" for
// each in the file known_certs. It is safe for use by several goroutines.
type Known struct {
	name string
	now  func() time.Time

	mu     sync.Mutex
	tls    map[string]bool // by host and port
	frozen error           // why the file is not written
}

// OpenKnown reads known_certs in dir, which need not be there. A file that it
// cannot read in full stays as it is: the error says why, and Known serves all
// the same, with what could be read and what this process adds.
func OpenKnown(dir string, now func() time.Time) (*Known, error) {
	k := &Known{name: filepath.Join(dir, "known_certs"), now: now, tls: map[string]bool{}}
	k.mu.Lock()
	defer k.mu.Unlock()
	_, k.frozen = k.read()
	return k, k.frozen
}

// Has reports whether the server at a host and port has spoken TLS.
func (k *Known) Has(hostPort string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.tls[hostPort]
}

// Add remembers that the server at a host and port has spoken TLS. When it
// returns nil that is on disk.
func (k *Known) Add(hostPort string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.tls[hostPort] {
		return nil
	}
	k.tls[hostPort] = true
	if k.frozen != nil {
		return k.frozen
	}
	if err := os.MkdirAll(filepath.Dir(k.name), 0o700); err != nil {
		return err
	}
	return locked(k.name, func() error { return k.append(hostPort) })
}

// append adds a line to what is in the file by now.
func (k *Known) append(hostPort string) error {
	delete(k.tls, hostPort)
	data, err := k.read()
	there := k.tls[hostPort]
	k.tls[hostPort] = true
	if err != nil || there {
		return err
	}
	if len(data) == 0 {
		data = []byte(knownHead + strconv.Itoa(knownVersion) + "\n" + knownWords)
	}
	if !bytes.HasSuffix(data, []byte("\n")) {
		data = append(data, '\n')
	}
	data = fmt.Appendf(data, "tls %s %s\n", hostPort, k.now().UTC().Format(time.RFC3339))
	return write(k.name, data)
}

// read takes in the file and returns it.
func (k *Known) read() ([]byte, error) {
	data, err := os.ReadFile(k.name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(data) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	head, rest, _ := strings.Cut(string(data), "\n")
	number, ok := strings.CutPrefix(strings.TrimRight(head, "\r"), knownHead)
	version, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil || version < 1:
		err = fmt.Errorf("%s is not a file that portside wrote: it is kept as it is, and nothing is added to it", k.name)
	case version > knownVersion:
		err = fmt.Errorf("%s was written by a newer portside: it is kept as it is, and nothing is added to it", k.name)
	}
	n := 1
	for line := range strings.Lines(rest) {
		n++
		if !k.line(strings.TrimRight(line, "\r\n")) && err == nil {
			err = fmt.Errorf("%s, line %d cannot be read: the file is kept as it is, and nothing is added to it", k.name, n)
		}
	}
	return data, err
}

// line takes in one line, and reports whether it makes sense.
func (k *Known) line(s string) bool {
	f := strings.Fields(s)
	if len(f) == 0 || strings.HasPrefix(f[0], "#") {
		return true
	}
	if len(f) != 3 || f[0] != "tls" {
		return false
	}
	_, _, err := net.SplitHostPort(f[1])
	_, bad := time.Parse(time.RFC3339, f[2])
	if err != nil || bad != nil {
		return false
	}
	k.tls[f[1]] = true
	return true
}
