package draft

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Impact is what recorded decisions would have become by a draft, in the form that package policies/authoring/tryout writes. The part
// "impact" of the console's frame shows it.
type Impact struct {
	From, Until                  time.Time // of the first and the last decision
	Decisions, Replayed, Changed int
	Left                         int // that there was no time for
	Unkept                       []Unkept
	Groups                       []Affected
	Lines                        []Line // what changes; what widens comes first
	More                         int    // lines that are not shown
	Widens                       bool
}

// Unkept is why some decisions can't be made again.
type Unkept struct {
	Reason string
	Count  int
}

// Affected is one platform's requests for one purpose.
type Affected struct {
	Platform, Purpose                  string
	Decisions, Changed, Opened, Closed int
}

// Line is one way in which decisions change.
type Line struct {
	Platform, Purpose, Operation string
	What                         exchange.Text // kind of change
	Fields                       []string
	From, To                     string
	Widens                       bool
	Count                        int
	Samples                      []string // ids of decisions
}

// Proven reports whether all that was recorded was decided again.
func (i *Impact) Proven() bool { return i.Left == 0 && i.Decisions > 0 && i.Replayed == i.Decisions }
