package publish

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Active is what is, or was, in force.
type Active struct {
	Content  string    `json:"content"`            // of the bundle; empty: the policies that the gateway starts with
	Revision string    `json:"revision,omitempty"` // as records of decisions name it
	Sequence uint64    `json:"sequence"`           // of the bundle
	Author   string    `json:"author,omitempty"`
	Approved []string  `json:"approved,omitempty"` // by whom
	Accepted time.Time `json:"accepted,omitzero"`  // when its signatures were verified
	Since    time.Time `json:"since,omitzero"`     // in force
	Note     string    `json:"note,omitempty"`
	Number   int       `json:"number,omitempty"`   // of the publication, from 1; 0: the policies that the gateway starts with
	Widens   bool      `json:"widens,omitempty"`   // somebody sees more, or may, than by what was in force before it was published
	Restored string    `json:"restored,omitempty"` // by whom it was put back into force
	Reason   string    `json:"reason,omitempty"`   // why
}

// Standing is the one entry that says what is in force, on all nodes that share a board.
type Standing struct {
	Sequence uint64   `json:"sequence"` // of the newest bundle or order that had an effect; what is not newer has none
	Active   Active   `json:"active"`
	Former   []Active `json:"former,omitempty"` // what was in force before, the newest last; a step back takes the last
	Undone   []Undone `json:"undone,omitempty"` // what a step back took out of force, the newest last

	Publications int `json:"publications,omitempty"` // how many there were
}

// Undone is a publication that a step back took out of force.
type Undone struct {
	Active
	By  string    `json:"undoneBy"`
	At  time.Time `json:"undoneAt"`
	Why string    `json:"undoneWhy"`
}

// maxFormer bounds how many steps back there are, and how many of those that were taken are told.
const maxFormer = 16

// Board keeps the standing. It is durable and shared by all nodes.
type Board interface {
	// Load gives the standing and its revision on the board, zero values where nothing was published yet.
	Load(ctx context.Context) (Standing, uint64, error)
	// Store replaces the standing if it still has that revision, else the error is a [Refusal] with [Superseded].
	Store(ctx context.Context, standing Standing, revision uint64) error
}

// Shelf keeps bundles by [Active.ID]: 1 to 128 of a-z, 0-9 and hyphen.
type Shelf interface {
	Bundle(ctx context.Context, id string) ([]byte, error)
	Keep(ctx context.Context, id string, packed []byte) error
}

// ID names the bundle on the shelf. Content alone would not do: what is packed again has other signatures.
func (a Active) ID() string { return fmt.Sprintf("%s-%d", a.Content, a.Sequence) }

// followedBy gives the standing after a publication.
func (s Standing) followedBy(next Active) Standing {
	next.Number = s.Publications + 1
	return Standing{
		Sequence: next.Sequence, Active: next, Former: newest(append(slices.Clone(s.Former), s.Active)), Undone: s.Undone, Publications: next.Number,
	}
}

// Previous gives what a step back leads to.
func (s Standing) Previous() (Active, bool) {
	if len(s.Former) == 0 {
		return Active{}, false
	}
	return s.Former[len(s.Former)-1], true
}

// stepBack gives the standing after an order to go back.
func (s Standing) stepBack(order *Rollback, now time.Time) (Standing, error) {
	previous, ok := s.Previous()
	if !ok {
		return Standing{}, refuse(Superseded, "nothing was in force before")
	}
	if order.From != s.Active.Content || order.To != previous.Content {
		return Standing{}, refuse(Superseded, "the order is about another step than the one there is")
	}
	previous.Since, previous.Restored, previous.Reason = now.UTC(), order.By, order.Reason
	undone := Undone{Active: s.Active, By: order.By, At: now.UTC(), Why: order.Reason}
	return Standing{
		Sequence: order.Sequence, Active: previous, Former: s.Former[:len(s.Former)-1], Undone: newest(append(slices.Clone(s.Undone), undone)),
		Publications: s.Publications,
	}, nil
}

func newest[T any](list []T) []T { return list[max(0, len(list)-maxFormer):] }
