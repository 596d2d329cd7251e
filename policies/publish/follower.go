package publish

import (
	"context"
	"hash"
	"io/fs"
	"time"
)

// Follower keeps one node to the board: what is in force there is in force here. It verifies anew what it loads.
type Follower struct {
	Board   Board
	Shelf   Shelf
	People  People
	Base    fs.FS               // the policies that the gateway starts with
	Load    func(fs.FS) error   // puts policies into force, or leaves the last good ones
	Told    func(Active, error) // of each switch, and once of a failure: to load, or to read the board
	NewHash func() hash.Hash

	loaded Active // owned, with failed, by whoever calls Sync
	failed string // what was told last of what didn't load
}

// Sync loads what the board says, if it is something else than what is loaded. After an error the last good policies stay, and the next
// call tries again.
func (f *Follower) Sync(ctx context.Context) error {
	standing, _, err := f.Board.Load(ctx)
	if err != nil {
		err = kept(err)
		if ctx.Err() == nil { // else nobody can be asked any more
			f.tell(f.loaded, err)
		}
		return err
	}
	next := standing.Active
	if next.Content == f.loaded.Content {
		f.failed = "" // what fails after this is told anew
		return nil
	}
	if err = f.load(ctx, next); err != nil {
		if ctx.Err() == nil {
			f.tell(next, err)
		}
		return err
	}
	f.loaded, f.failed = next, ""
	f.Told(next, nil)
	return nil
}

func (f *Follower) tell(next Active, err error) {
	if failure := next.ID() + " " + string(CodeOf(err)); failure != f.failed {
		f.failed = failure
		f.Told(next, err)
	}
}

func (f *Follower) load(ctx context.Context, next Active) error {
	if next.Content == "" {
		return f.Load(f.Base)
	}
	b, err := shelved(ctx, f.Shelf, next, f.NewHash)
	if err != nil {
		return err
	}
	// At the time when it was accepted: a key that has ended since did not make it worthless.
	if err := b.Verify(f.People, next.Accepted); err != nil {
		return err
	}
	if err := f.Load(b.Files.FS()); err != nil {
		return &Refusal{Code: NotInOrder, Err: err}
	}
	return nil
}

// Run syncs at each tick until ctx ends. Failures are told, and no reason to end: the last good policies serve.
func (f *Follower) Run(ctx context.Context, ticks <-chan time.Time) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks:
			_ = f.Sync(ctx)
		}
	}
}
