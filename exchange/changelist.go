package exchange

import (
	"context"
	"fmt"
	"time"
)

// ChangeLister reads the licences that a source has changed, where the source pushes nothing. Rows are ordered by their time of
// update (gxsj) and, within one moment, by a key of the source's own; a licence that changes again moves to a later place.
type ChangeLister interface {
	// Changed gives the rows behind a place, oldest first. Errors are those of a source.
	Changed(ctx context.Context, question ChangesQuestion) (ChangedPage, error)
}

// ChangesQuestion asks for one page of changed licences.
type ChangesQuestion struct {
	After   ChangePlace // the zero Key: every row of the moment itself too
	Limit   int         // rows that the page may hold at most
	Purpose Purpose
	Now     time.Time
}

// ChangePlace is a place in the order of changed rows. Its key may be a personal number: it is kept in memory only, and never printed.
type ChangePlace struct {
	Moment time.Time
	Key    string
}

// Before reports whether the place lies before the other one.
func (p ChangePlace) Before(other ChangePlace) bool {
	if p.Moment.Equal(other.Moment) {
		return p.Key < other.Key
	}
	return p.Moment.Before(other.Moment)
}

// String leaves the key out.
func (p ChangePlace) String() string { return p.Moment.UTC().Format(time.RFC3339Nano) }

// GoString does the same for %#v.
func (p ChangePlace) GoString() string { return fmt.Sprintf("exchange.ChangePlace(%s)", p) }

// ChangedPage is one answer; without rows there are none behind the place.
type ChangedPage struct {
	Rows []ChangedRow
	Full bool // the source gave as many rows as it was asked for: more may follow
	// Stuck: the page is full of rows of the place's moment, and the source can't go on behind one of them, only behind a moment: a
	// larger page must be asked for.
	Stuck bool
}

// ChangedRow is a licence as it stands at the source since its last update there.
type ChangedRow struct {
	Place   ChangePlace // the zero place: the row does not say it
	Subject Subject
	Region  Region // province that keeps the licence
	Facts   Facts
	Broken  error // what is wrong with the row, by column and never by value; then nothing but Place counts
}
