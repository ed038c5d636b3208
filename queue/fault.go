package queue

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"
)

// fault makes a failure of a panic. Where it came up stands in the log.
func (q *Queue) fault(p any) *Failure {
	if q.opt.Log != nil {
		now := time.Now()
		q.opt.Log.Add(Line{Time: now, Dir: '*', Text: fmt.Sprint("internal fault: ", p)})
		for line := range strings.Lines(string(debug.Stack())) {
			q.opt.Log.Add(Line{Time: now, Dir: '*', Text: strings.TrimRight(line, "\n")})
		}
	}
	return &Failure{Class: ClassJob, Text: fmt.Sprint("internal fault: ", p), Fault: true}
}
