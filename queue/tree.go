package queue

// tree is the order of the jobs: a treap without keys, in which every node
// counts the jobs below it by group and knows in which lanes ready ones wait.
type tree struct {
	top  *job
	rand uint64 // xorshift: the shape need not be a secret
}

func (t *tree) prio() uint32 {
	t.rand ^= t.rand << 13
	t.rand ^= t.rand >> 7
	t.rand ^= t.rand << 17
	return uint32(t.rand >> 32)
}

// sum makes the counts of j from its children's.
func (j *job) sum() {
	var c [groups]uint32
	lanes := uint64(0)
	if l := j.left; l != nil {
		c, lanes = l.count, l.lanes
	}
	if r := j.right; r != nil {
		for g := range c {
			c[g] += r.count[g]
		}
		lanes |= r.lanes
	}
	c[j.state.group()]++
	if j.flags&isReady != 0 {
		lanes |= j.bit()
	}
	j.count, j.lanes = c, lanes
}

// fix makes the counts anew from j to the top.
func (t *tree) fix(j *job) {
	for ; j != nil; j = j.up {
		j.sum()
	}
}

// after puts n right behind at, or first when at is nil.
func (t *tree) after(at, n *job) {
	n.prio = t.prio()
	n.left, n.right, n.up = nil, nil, nil
	switch {
	case t.top == nil:
		t.top = n
	case at == nil:
		at = leftmost(t.top)
		at.left, n.up = n, at
	case at.right == nil:
		at.right, n.up = n, at
	default:
		at = leftmost(at.right)
		at.left, n.up = n, at
	}
	n.sum()
	for n.up != nil && n.up.prio < n.prio {
		t.rotate(n)
	}
	t.fix(n)
}

// rotate lifts n above its parent.
func (t *tree) rotate(n *job) {
	p := n.up
	if p.left == n {
		p.left = n.right
		if n.right != nil {
			n.right.up = p
		}
		n.right = p
	} else {
		p.right = n.left
		if n.left != nil {
			n.left.up = p
		}
		n.left = p
	}
	n.up = p.up
	switch {
	case p.up == nil:
		t.top = n
	case p.up.left == p:
		p.up.left = n
	default:
		p.up.right = n
	}
	p.up = n
	p.sum()
}

// remove takes n out.
func (t *tree) remove(n *job) {
	for n.left != nil || n.right != nil {
		switch {
		case n.left == nil:
			t.rotate(n.right)
		case n.right == nil || n.left.prio > n.right.prio:
			t.rotate(n.left)
		default:
			t.rotate(n.right)
		}
	}
	p := n.up
	switch {
	case p == nil:
		t.top = nil
	case p.left == n:
		p.left = nil
	default:
		p.right = nil
	}
	n.up = nil
	t.fix(p)
}

func leftmost(j *job) *job {
	for j.left != nil {
		j = j.left
	}
	return j
}

// last returns the last job.
func (t *tree) last() *job {
	j := t.top
	for j != nil && j.right != nil {
		j = j.right
	}
	return j
}

// next returns the job behind j.
func next(j *job) *job {
	if j.right != nil {
		return leftmost(j.right)
	}
	for j.up != nil && j.up.right == j {
		j = j.up
	}
	return j.up
}

// size returns how many jobs of group g there are.
func (t *tree) size(g group) int { return int(t.top.counted(g)) }

func (j *job) counted(g group) uint32 {
	if j == nil {
		return 0
	}
	return j.count[g]
}

// nth returns job number i (from 0) of group g, nil behind the last.
func (t *tree) nth(g group, i int) *job {
	if i < 0 || i >= t.size(g) {
		return nil
	}
	k, j := uint32(i), t.top
	for {
		l := j.left.counted(g)
		switch {
		case k < l:
			j = j.left
			continue
		case k == l && j.state.group() == g:
			return j
		}
		k -= l
		if j.state.group() == g {
			k--
		}
		j = j.right
	}
}

// rank returns how many jobs of j's group stand before it.
func (t *tree) rank(j *job) int {
	g := j.state.group()
	n := j.left.counted(g)
	for ; j.up != nil; j = j.up {
		if j.up.right == j {
			n += j.up.left.counted(g)
			if j.up.state.group() == g {
				n++
			}
		}
	}
	return int(n)
}

// follow returns the next job of j's group behind j.
func follow(j *job) *job {
	g := j.state.group()
	if f := firstOf(j.right, g); f != nil {
		return f
	}
	for ; j.up != nil; j = j.up {
		if j.up.left != j {
			continue
		}
		if j.up.state.group() == g {
			return j.up
		}
		if f := firstOf(j.up.right, g); f != nil {
			return f
		}
	}
	return nil
}

// firstOf returns the first job of group g from j down.
func firstOf(j *job, g group) *job {
	for j.counted(g) > 0 {
		switch {
		case j.left.counted(g) > 0:
			j = j.left
		case j.state.group() == g:
			return j
		default:
			j = j.right
		}
	}
	return nil
}

// ready returns the first ready job with one of the bits of mask that ok takes
// as well.
func ready(j *job, mask uint64, ok func(*job) bool) *job {
	if j == nil || j.lanes&mask == 0 {
		return nil
	}
	if f := ready(j.left, mask, ok); f != nil {
		return f
	}
	if j.has(isReady) && j.bit()&mask != 0 && ok(j) {
		return j
	}
	return ready(j.right, mask, ok)
}

// recount makes all counts anew, from the bottom up.
func recount(j *job) {
	if j == nil {
		return
	}
	recount(j.left)
	recount(j.right)
	j.sum()
}

// rebuild makes the treap of the jobs that keep takes, in the same order.
func (t *tree) rebuild(keep func(*job) bool) {
	var s spine
	var walk func(*job)
	walk = func(j *job) {
		if j == nil {
			return
		}
		right := j.right
		walk(j.left)
		if keep(j) {
			s.put(j)
		} else {
			j.left, j.right, j.up = nil, nil, nil
		}
		walk(right)
	}
	top := t.top
	t.top = nil
	walk(top)
	t.top = s.top()
	recount(t.top)
}

// arrange makes the treap of jobs in this order; they are all that there are.
func (t *tree) arrange(jobs []*job) {
	var s spine
	for _, j := range jobs {
		s.put(j)
	}
	t.top = s.top()
	recount(t.top)
}

// spine is the right edge of a treap that is being built, from the top.
type spine []*job

// put adds the next job.
func (s *spine) put(j *job) {
	js := *s
	j.left, j.right, j.up = nil, nil, nil
	for n := len(js); n > 0 && js[n-1].prio < j.prio; n = len(js) {
		j.left, js = js[n-1], js[:n-1]
	}
	if j.left != nil {
		j.left.up = j
	}
	if n := len(js); n > 0 {
		js[n-1].right, j.up = j, js[n-1]
	}
	*s = append(js, j)
}

// top returns the treap.
func (s spine) top() *job {
	if len(s) == 0 {
		return nil
	}
	return s[0]
}

// prev returns the job before j.
func prev(j *job) *job {
	if j.left != nil {
		j = j.left
		for j.right != nil {
			j = j.right
		}
		return j
	}
	for j.up != nil && j.up.left == j {
		j = j.up
	}
	return j.up
}
