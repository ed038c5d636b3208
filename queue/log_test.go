package queue

import "testing"

func TestLogKeepsTheNewest(t *testing.T) {
	l := NewLog(3)
	if got := l.Lines(0, 10); got != nil {
		t.Fatalf("empty log gave %v", got)
	}
	for _, s := range []string{"a", "b", "c", "d"} {
		l.Add(Line{Text: s})
	}
	got := l.Lines(0, 10)
	if len(got) != 3 || got[0].Text != "b" || got[0].Seq != 2 || got[2].Text != "d" {
		t.Fatalf("got %v", got)
	}
	if got = l.Lines(3, 10); len(got) != 1 || got[0].Seq != 4 {
		t.Fatalf("after 3: %v", got)
	}
	if got = l.Lines(0, 1); len(got) != 1 || got[0].Seq != 2 {
		t.Fatalf("one: %v", got)
	}
	if got = l.Lines(4, 1); got != nil {
		t.Fatalf("nothing new: %v", got)
	}
}
