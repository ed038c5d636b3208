package ftptest

import (
	"fmt"
	"time"
)

// Demo returns a small tree to try a client on: nested directories, names with
// spaces, quotes and letters beyond ASCII, an empty file, links, and a big file
// whose transfer takes a while at a modest [Config.Rate].
func Demo() *Tree {
	t := NewTree()
	at := func(days int) time.Time {
		return time.Now().UTC().Truncate(time.Minute).AddDate(0, 0, -days)
	}
	files := []struct {
		path, text string
		days       int
	}{
		{"/README.txt", "Mark some files and press F5 (or 5) to copy them.\nPress ? for all keys.\n", 1},
		{"/empty.txt", "", 3},
		{"/.hidden", "You found it.\n", 400},
		{"/docs/getting started.txt", "Names may hold spaces.\n", 12},
		{"/docs/it's \"quoted\".txt", "And quotes of both kinds.\n", 12},
		{"/docs/-dash first.txt", "A name that begins with a dash.\n", 30},
		{"/docs/Käse & Brötchen.txt", "Umlauts.\n", 31},
		{"/docs/日本語のファイル.txt", "Wide letters.\n", 45},
		{"/docs/naïve café.md", "# Accents\n", 200},
		{"/site/index.html", "<!doctype html>\n<title>portside</title>\n<p>Hello.\n", 2},
		{"/site/css/main.css", "body { font-family: serif }\n", 2},
		{"/site/js/app.js", "console.log(\"hello\")\n", 2},
		{"/site/a/b/c/d/deep.txt", "Deep down.\n", 90},
	}
	for _, f := range files {
		t.WriteFile(f.path, []byte(f.text), at(f.days))
	}
	for i := range 24 {
		t.AddGenerated(fmt.Sprintf("/photos/2026/img_%04d.jpg", i+1), int64(90_000+i*7919), uint64(i+10), at(60+i))
	}
	t.AddGenerated("/photos/raw/panorama.tif", 48<<20, 3, at(61))
	t.AddGenerated("/annual report.pdf", 3<<20, 4, at(4))
	t.AddGenerated("/Frühling in Köln.mp4", 96<<20, 5, at(6))
	t.AddGenerated("/holiday.zip", 40<<20, 6, at(8))
	t.AddGenerated("/map of the town.tif", 64<<20, 7, at(9))
	t.AddGenerated("/big/backup.tar", 200<<20, 1, at(5))
	t.AddGenerated("/big/video.mkv", 24<<20, 2, at(7))
	t.Mkdir("/incoming")
	t.Link("/latest", "site")
	t.WriteFile("/locked/keep.txt", []byte("This directory takes nothing.\n"), at(700))
	t.Chmod("/locked", 0o555)
	return t
}
