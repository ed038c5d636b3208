package connect

import (
	"os"
	"path/filepath"
	"time"

	"portside/ftp/ftptest"
)

// Demo is an embedded server on loopback with files to try, and a directory
// of its own on the local disk.
type Demo struct {
	URL      string // with the user's name
	Password string
	LocalDir string
}

// demoRate is slow enough that the progress of the big file can be watched.
const demoRate = 8 << 20

// StartDemo starts the embedded server. stop ends it and removes LocalDir with
// everything in it.
func StartDemo() (d Demo, stop func(), err error) {
	dir, err := os.MkdirTemp("", "portside-demo-")
	if err != nil {
		return Demo{}, nil, err
	}
	if err := fillDemo(dir); err != nil {
		return Demo{}, nil, err
	}
	srv, err := ftptest.Start(ftptest.Config{Tree: ftptest.Demo(), Rate: demoRate, User: "demo", Password: "demo"})
	if err != nil {
		return Demo{}, nil, err
	}
	stop = func() {
		srv.Close()
		_ = os.RemoveAll(dir) // best effort: it is below the temporary directory
	}
	return Demo{URL: "ftp://demo@" + srv.Addr() + "/", Password: "demo", LocalDir: dir}, stop, nil
}

// fillDemo writes a few local files, so that uploads can be tried too.
func fillDemo(dir string) error {
	files := map[string]string{
		"read me first.txt": "Everything here was made up for the demo. It is removed when you quit.\n\n" +
			"Space marks a file, 5 or F5 copies to the other side, ? shows all keys.\n",
		"notes.txt":          "Tab goes to the other side.\n",
		"site/index.html":    "<!doctype html>\n<title>Demo</title>\n<p>Hello.\n",
		"site/css/site.css":  "body { font: 16px/1.5 serif }\n",
		"site/img/größe.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
	}
	when := time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC)
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			return err
		}
		if err := os.Chtimes(p, when, when); err != nil {
			return err
		}
	}
	return nil
}
