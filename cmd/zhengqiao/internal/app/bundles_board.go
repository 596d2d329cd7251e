package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// journalBoard is the board and the shelf of policies in the journal, which all nodes of a cluster share.
type journalBoard struct{ state *journal.State }

// Keys of the state.
const (
	boardState    = "policies"
	standingKey   = "standing"
	shelfPrefix   = "bundle."
	loneNode      = "alone" // the node's name where the journal is one gateway's
	standingBytes = 64 << 10
)

func openBoard(ctx context.Context, j *journal.Journal) (*journalBoard, error) {
	state, err := j.State(ctx, journal.StateConfig{Name: boardState})
	if err != nil {
		return nil, err
	}
	return &journalBoard{state}, nil
}

// Load implements [publish.Board].
func (b *journalBoard) Load(ctx context.Context) (publish.Standing, uint64, error) {
	var standing publish.Standing
	value, err := b.state.Get(ctx, standingKey)
	if errors.Is(err, journal.ErrNotFound) {
		return standing, 0, nil
	}
	if err != nil {
		return standing, 0, err
	}
	if err := json.Unmarshal(value.Data, &standing); err != nil {
		return publish.Standing{}, 0, fmt.Errorf("read which policies are in force: %w", err)
	}
	return standing, value.Revision, nil
}

// Store implements [publish.Board].
func (b *journalBoard) Store(ctx context.Context, standing publish.Standing, revision uint64) error {
	data, err := json.Marshal(standing)
	if err == nil && len(data) > standingBytes {
		err = fmt.Errorf("%d bytes are too many to say which policies are in force", len(data))
	}
	if err != nil {
		return err
	}
	_, err = b.state.Put(ctx, standingKey, data, revision)
	if errors.Is(err, journal.ErrConflict) {
		return &publish.Refusal{Code: publish.Superseded, Err: err}
	}
	return err
}

// Bundle implements [publish.Shelf].
func (b *journalBoard) Bundle(ctx context.Context, id string) ([]byte, error) {
	value, err := b.state.Get(ctx, shelfPrefix+id)
	return value.Data, err
}

// Keep implements [publish.Shelf]. What has the id is there already: the id names content and time.
func (b *journalBoard) Keep(ctx context.Context, id string, packed []byte) error {
	return b.put(ctx, shelfPrefix+id, packed)
}

func (b *journalBoard) put(ctx context.Context, key string, data []byte) error {
	before, err := b.state.Get(ctx, key)
	if err != nil && !errors.Is(err, journal.ErrNotFound) {
		return err
	}
	_, err = b.state.Put(ctx, key, data, before.Revision)
	return err
}

// nodeStanding is what one node has in force.
type nodeStanding struct {
	Node     string    `json:"node"`
	Revision string    `json:"revision"`
	Since    time.Time `json:"since"`
}

// nodesKey holds what each node has in force, by name: some hundred bytes a node.
const nodesKey = "nodes"

// attempts bounds how often a node tries to tell when others tell at the same time.
const attempts = 8

// tell says what this node has in force.
func (b *journalBoard) tell(ctx context.Context, one nodeStanding) (err error) {
	for range attempts {
		var nodes map[string]nodeStanding
		var revision uint64
		if nodes, revision, err = b.nodes(ctx); err != nil {
			return err
		}
		nodes[one.Node] = one
		data, encodeErr := json.Marshal(nodes)
		if encodeErr != nil {
			return encodeErr
		}
		if _, err = b.state.Put(ctx, nodesKey, data, revision); !errors.Is(err, journal.ErrConflict) {
			return err
		}
	}
	return err
}

// nodes gives what each node said last.
func (b *journalBoard) nodes(ctx context.Context) (map[string]nodeStanding, uint64, error) {
	nodes := map[string]nodeStanding{}
	value, err := b.state.Get(ctx, nodesKey)
	if errors.Is(err, journal.ErrNotFound) {
		return nodes, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(value.Data, &nodes)
	}
	return nodes, value.Revision, err
}
