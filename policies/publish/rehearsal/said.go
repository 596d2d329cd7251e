package rehearsal

import (
	"bytes"
	"encoding/json"

	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// said is one line of what a child says: how far it is, and at last its answer or why there is none.
type said struct {
	Progress *progress       `json:"progress,omitempty"`
	Ended    publish.Code    `json:"ended,omitempty"` // [publish.Exhausted] or [publish.Unbounded]
	Why      string          `json:"why,omitempty"`
	Answer   json.RawMessage `json:"answer,omitempty"`
}

type progress struct{ Done, All int }

// listener hears a child, line by line. What is no line of ours counts for nothing, however long it is.
type listener struct {
	told func(done, all int) // nil: nobody asks
	last said

	line []byte
	lost bool // the line is longer than any of ours
}

// Write implements [io.Writer]. It never fails: a child that is cut off says nothing at all.
func (l *listener) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		part, after, ended := bytes.Cut(rest, []byte{'\n'})
		if l.lost = l.lost || len(l.line)+len(part) > maxAnswer; !l.lost {
			l.line = append(l.line, part...)
		}
		if ended {
			l.hear()
		}
		rest = after
	}
	return len(p), nil
}

// hear takes the line that has just ended.
func (l *listener) hear() {
	var one said
	if !l.lost && json.Unmarshal(l.line, &one) == nil {
		if one.Progress != nil && l.told != nil {
			l.told(one.Progress.Done, one.Progress.All)
		}
		l.last = one
	}
	l.line, l.lost = l.line[:0], false
}
