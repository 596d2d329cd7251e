package feed

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrUnreadable says that a stored batch is not one of a known version, does not open under its key, or does not take up the
// numbering where the one before it ends.
var ErrUnreadable = errors.New("not a batch of a known version")

const batchVersion = 1

// Bounds of a batch: its sealed form stays under the ledger's limit of 256 KiB for one entry.
const (
	maxChanges     = 256
	maxBatchBytes  = 192 << 10
	maxChangeBytes = 64 << 10
)

// batch is the form of an entry before it is sealed, version 1, as JSON. The numbers follow from the first one, so that no batch can
// have a hole.
type batch struct {
	Version int      `json:"v"`
	First   uint64   `json:"first"`
	Changes []Change `json:"changes"`

	number uint64 // of the batch, from 1
	tag    string // of the sealed bytes
}

// last gives the number of the batch's last change.
func (b *batch) last() uint64 { return b.First + uint64(len(b.Changes)) - 1 }

// encodeBatch puts encoded changes together.
func encodeBatch(first uint64, changes []json.RawMessage) ([]byte, error) {
	return json.Marshal(struct {
		Version int               `json:"v"`
		First   uint64            `json:"first"`
		Changes []json.RawMessage `json:"changes"`
	}{batchVersion, first, changes})
}

// decodeBatch reads the opened form. No error repeats a value.
func decodeBatch(plain []byte) (batch, error) {
	var b batch
	if err := json.Unmarshal(plain, &b); err != nil {
		return batch{}, fmt.Errorf("%w: %d bytes are not its JSON", ErrUnreadable, len(plain))
	}
	switch {
	case b.Version != batchVersion:
		return batch{}, fmt.Errorf("%w: version %d", ErrUnreadable, b.Version)
	case b.First == 0 || len(b.Changes) == 0 || len(b.Changes) > maxChanges || b.First > maxNumber-maxChanges:
		return batch{}, fmt.Errorf("%w: %d changes from number %d", ErrUnreadable, len(b.Changes), b.First)
	}
	for i := range b.Changes {
		b.Changes[i].Number = b.First + uint64(i)
		if b.Changes[i].Licence == "" || b.Changes[i].Version == 0 {
			return batch{}, fmt.Errorf("%w: number %d is of no licence or version", ErrUnreadable, b.Changes[i].Number)
		}
	}
	return b, nil
}
