package ftp

import "time"

// gatherTime is for how long a fast stream may be left alone: it is far below
// what an eye or a round trip notices.
const gatherTime = 15 * time.Millisecond

// inMoment returns how many bytes come in gatherTime, where n came in took; 1
// where the end may be near and every byte counts at once.
func inMoment(n int64, took time.Duration, end bool) int64 {
	if end || took <= 0 {
		return 1
	}
	return int64(float64(n) * gatherTime.Seconds() / took.Seconds())
}
