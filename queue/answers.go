package queue

import "slices"

// answer gives an asking job, and those in the answer's scope, what to do about
// their targets.
func (l *list) answer(j *job, a Answer) {
	also := func(*job) bool { return false }
	switch a.Scope {
	case ScopeOpen:
		also = func(o *job) bool { return a.Seen == 0 || o.version <= a.Seen }
	case ScopeBatch:
		b := j.root.batch
		b.exists = a.Exists
		l.ledger.answered(b)
		also = func(o *job) bool { return o.root.batch == b }
	}
	l.eachAsking(nil, func(o *job) bool {
		return o == j || also(o) && offers(o.x.question, a.Exists)
	}, func(o *job) { l.answerOne(o, a, o == j) })
}

// offers reports whether a policy was among the choices.
func offers(q *Question, p Policy) bool {
	return len(q.Choices) == 0 || slices.Contains(q.Choices, p)
}

// answerOne gives one job an answer; the one that it was given to may have been
// given a name as well.
func (l *list) answerOne(j *job, a Answer, named bool) {
	x := j.x
	x.answer = a.Exists
	if named && a.Exists == ExistsRename && a.As != "" {
		x.as = a.As
		x.answer = ExistsAsk // the new name may be taken as well
	}
	target := x.question.Target
	x.asked = &target
	l.reply(j)
}

// answered puts the jobs back in line that asked what e asked.
func (l *list) answered(e *endpoint) {
	l.eachAsking(e, func(*job) bool { return true }, l.reply)
}

// eachAsking does f to the jobs that take says, of those that ask what e asks,
// or (nil) that ask about their own targets; f may take them out of the group.
func (l *list) eachAsking(e *endpoint, take func(*job) bool, f func(*job)) {
	var js []*job
	for j := l.nth(gAsking, 0); j != nil; j = follow(j) {
		if j.x.asker == e && take(j) {
			js = append(js, j)
		}
	}
	all := func() {
		for _, j := range js {
			f(j)
		}
	}
	if l.few(len(js)) {
		all()
	} else {
		l.many(all)
	}
}
