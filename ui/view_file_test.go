package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"portside/keymap"
	"portside/queue"
)

func withText() *fake {
	f := acme()
	here := func(name string) queue.Place { return queue.Place{Address: queue.Local, Path: "/home/me/site/" + name} }
	there := func(name string) queue.Place { return queue.Place{Address: remote, Path: "/www/" + name} }
	f.files = map[queue.Place]string{
		here("robots.txt"):       "User-agent: *\nDisallow: /private\n\x1b]0;owned\a\n",
		here("about.html"):       strings.Repeat("<p>about us</p>\n", 400),
		there("about.html"):      strings.Repeat("x", 1<<17),
		there("wp-old.tar.gz"):   "\x1f\x8b\x08\x00\x00\x00\x00\x00 archive",
		here("index.html"):       "<!doctype html>\n\t<title>" + strings.Repeat("long ", 60) + "</title>\n日本語\n",
		here("deploy.sh"):        "",
		there("nothing of ours"): "",
	}
	return f
}

func (d *drive) onto(name string) {
	d.t.Helper()
	d.m.active().pane.Select(name)
	if r, _ := d.m.active().pane.Current(); r.Name != name {
		d.t.Fatalf("there is no %s", name)
	}
}

func TestView(t *testing.T) {
	start(t, withText, Options{}, 80, 24, func(d *drive) {
		d.onto("robots.txt")
		d.press("3")
		d.sees("VIEW  LOCAL: /home/me/site/robots.txt")
		d.sees("Disallow: /private")
		d.sees(`\x1b]0;owned\x07`)
		d.press("/")
		d.typed("DISALLOW")
		d.press("enter", "h")
		d.sees("00000000  55 73 65 72")
		d.press("q")
		if d.m.screen != keymap.Panes {
			t.Fatal("the view is not left")
		}
		d.onto("about.html")
		d.press("enter")
		d.sees("6.2K  text  1-21 of 400")
		d.press("end")
		d.sees("380-400 of 400")
		d.press("/")
		d.typed("nowhere")
		d.press("enter")
		d.sees(`"nowhere" is not in what is shown`)
		d.press("esc", "tab")
		d.onto("about.html")
		d.press("3")
		d.sees("VIEW  demo@files.example.com: /www/about.html")
		d.sees("first 64.0K  text")
		d.press("esc")
		d.onto("wp-old.tar.gz")
		d.press("3")
		d.sees("hex")
		d.sees("1f 8b 08 00")
		d.press("esc")
		d.onto("logs")
		d.press("3")
		d.sees("logs is a directory")
		d.f.fails = map[queue.Place]error{{Address: remote, Path: "/www/hero.mp4"}: errors.New("550 Not for you\x1b[31m")}
		d.onto("hero.mp4")
		d.press("3")
		d.sees("cannot be read: 550 Not for you")
	})
}

func TestViewedScreens(t *testing.T) {
	open := func(name string, then ...string) func(*drive) {
		return func(d *drive) {
			d.onto(name)
			d.press("3")
			d.press(then...)
		}
	}
	shots(t, []shot{
		{name: "view", engine: withText, do: open("index.html")},
		{name: "cut", engine: withText, do: open("index.html", "w", "right")},
		{name: "hex", engine: withText, do: open("robots.txt", "h")},
		{name: "empty", engine: withText, do: open("deploy.sh")},
	})
}

func TestCopyAsText(t *testing.T) {
	start(t, withText, Options{}, 80, 24, func(d *drive) {
		d.press("tab")
		d.onto("hero.mp4")
		clipboard := func(action keymap.Action) string {
			t.Helper()
			cmd := d.m.act(keymap.Panes, action, "")
			if cmd == nil {
				return ""
			}
			return fmt.Sprint(cmd())
		}
		for _, c := range []struct {
			action keymap.Action
			want   string
		}{{keymap.ActCopyPath, "/www/hero.mp4"}, {keymap.ActCopyURL, "ftp://demo@files.example.com:21//www/hero.mp4"}, {keymap.ActCopyName, "hero.mp4"}} {
			if got := clipboard(c.action); got != c.want {
				t.Errorf("%s: %q", c.action, got)
			}
			d.sees("Copied: " + c.want)
		}
		d.press("A")
		if got := clipboard(keymap.ActCopyName); strings.Count(got, "\n") != 4 {
			t.Errorf("%q", got)
		}
		d.press("u", "tab", "home")
		if got := clipboard(keymap.ActCopyURL); got != "file:///home/me/site" {
			t.Errorf("on the way up: %q", got)
		}
	})
}

func TestCopiedTextIsSafe(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		if got := fmt.Sprint(d.m.clip("a\x1b]52;c;x\a\nb\u202ec")()); got != `a\x1b]52;c;x\x07`+"\n"+`b\u202ec` {
			t.Errorf("%q", got)
		}
		if d.m.clip(strings.Repeat("x", maxClip+1)) != nil || d.m.clip("") != nil {
			t.Error("nothing, or too much, was copied")
		}
	})
}

func TestURLs(t *testing.T) {
	for at, want := range map[queue.Place]string{
		{Address: "ftpes://me@host:2121/?mode=active", Path: "/a b/ü;type=a"}: "ftpes://me@host:2121//a%20b/%C3%BC%3Btype=a",
		{Address: "ftp://host:21", Path: "/"}:                                 "ftp://host:21//",
		{Address: queue.Local, Path: "/tmp/a#b?"}:                             "file:///tmp/a%23b%3F",
	} {
		if got := urlOf(at); got != want {
			t.Errorf("%v: %q, not %q", at, got, want)
		}
	}
}
