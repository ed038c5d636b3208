package queue

import "slices"

// What an earlier process was at goes on first: a big file that came by itself
// beside a directory's many stands behind all of these in the order, and would
// wait for hours with most of it in place. Its place in the order it keeps.

// begun are the jobs that an earlier process was at and nobody has begun again, in
// their order.
type begun struct{ jobs []*job }

// add takes down a job that is loaded, before it gets a state without its process.
func (b *begun) add(j *job) {
	if (j.state == running || j.state == finishing) && !j.isDir() {
		b.jobs = append(b.jobs, j)
	}
}

// drop forgets a job that begins.
func (b *begun) drop(j *job) {
	b.jobs = slices.DeleteFunc(b.jobs, func(k *job) bool { return k == j })
}

// next returns the first that may start in a lane that open takes. What has been
// paused or ended meanwhile has lost its right.
func (b *begun) next(open func(*lane) bool) *job {
	if len(b.jobs) == 0 {
		return nil
	}
	b.jobs = slices.DeleteFunc(b.jobs, func(j *job) bool { return j.state != waiting || j.has(isGone) })
	for _, j := range b.jobs {
		if j.has(isReady) && open(j.root.lane) {
			return j
		}
	}
	return nil
}
