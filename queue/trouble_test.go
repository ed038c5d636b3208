package queue_test

import (
	"testing"

	"portside/queue"
)

func TestTrouble(t *testing.T) {
	up := queue.Row{Src: at(queue.Local, "/home/f"), Dst: at(server, "/pub/f")}
	down := queue.Row{Src: at(server, "/pub/f"), Dst: at(queue.Local, "/home/f")}
	for _, c := range []struct {
		row        queue.Row
		text, want string
	}{
		{up, "/pub/.f.portside: the server said 552 full", "the server said 552 full"},
		{up, "/pub/.f.x0z9.portside: the server said 552 full", "the server said 552 full"},
		{up, "/pub/.f.x0z9", "/pub/.f.x0z9"},
		{up, "/pub/f exists", "exists"},
		{up, "/home/f: no permission", "no permission"},
		{down, "/pub/f: not there: the server said 550", "not there: the server said 550"},
		{down, "/home/.f.portside: needs 3M", "needs 3M"},
		{down, "/home/fox: no permission", "/home/fox: no permission"},
		{down, "/home/f", "/home/f"},
		{down, "no answer", "no answer"},
		{queue.Row{Kind: queue.Delete, Src: at(server, "/d")}, "/d: not empty", "not empty"},
	} {
		c.row.Failure = &queue.Failure{Text: c.text}
		if got := c.row.Trouble(); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	if got := up.Trouble(); got != "" {
		t.Errorf("%q without a failure", got)
	}
}
