// Package keys says whose a key is and where it comes from: a ring of public keys
// by key id, and key material loaded by reference instead of by value.
//
// It stops at files: a hardware module (GM/T 0018, SDF) would be another provider
// with the same methods. It decides nothing about what a party may do.
package keys

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// What a key may be used for. The algorithm belongs to the key record and never
// to the message, so that a message cannot choose how it is checked.
const (
	// AlgorithmSign is an SM2 signature over an SM3 digest (OID 1.2.156.10197.1.501).
	AlgorithmSign = "sm2-sm3"
	// AlgorithmWrap is SM2 public key encryption of a content key.
	AlgorithmWrap = "sm2-enc"
)

// ErrRecord: a key record that cannot be put into a ring.
var ErrRecord = errors.New("keys: record not usable")

// Record is one public key of one party.
type Record struct {
	// ID is the key id that messages name; unique in a ring.
	ID string
	// Party is the id of the owner.
	Party string
	// Algorithm is AlgorithmSign or AlgorithmWrap.
	Algorithm string
	// Key is the public key itself.
	Key *smcrypto.PublicKey
	// NotBefore and NotAfter bound the use of the key, both inclusive. A zero
	// time means no bound on that side.
	NotBefore, NotAfter time.Time
}

// ValidAt tells whether at lies between the record's bounds.
func (r Record) ValidAt(at time.Time) bool {
	early := !r.NotBefore.IsZero() && at.Before(r.NotBefore)
	late := !r.NotAfter.IsZero() && at.After(r.NotAfter)
	return !early && !late
}

func (r Record) check() error {
	switch {
	case r.ID == "" || r.Party == "":
		return fmt.Errorf("%w: key id and party are required", ErrRecord)
	case r.Key == nil:
		return fmt.Errorf("%w: key %q has no public key", ErrRecord, r.ID)
	case r.Algorithm != AlgorithmSign && r.Algorithm != AlgorithmWrap:
		return fmt.Errorf("%w: key %q has algorithm %q", ErrRecord, r.ID, r.Algorithm)
	case !r.NotBefore.IsZero() && !r.NotAfter.IsZero() && r.NotAfter.Before(r.NotBefore):
		return fmt.Errorf("%w: key %q ends before it begins", ErrRecord, r.ID)
	}
	return nil
}

// Ring is an immutable set of key records. A party may own several that are valid
// at once: that is how a key is rotated without a gap. Its owner replaces the
// whole ring, see [Live].
type Ring struct {
	byID    map[string]Record
	byParty map[string][]Record
}

// NewRing checks the records and puts them together. A repeated key id, even with
// the same key, is [ErrRecord].
func NewRing(records ...Record) (*Ring, error) {
	ring := &Ring{byID: make(map[string]Record, len(records)), byParty: make(map[string][]Record)}
	for _, record := range records {
		if err := record.check(); err != nil {
			return nil, err
		}
		if _, taken := ring.byID[record.ID]; taken {
			return nil, fmt.Errorf("%w: key id %q twice", ErrRecord, record.ID)
		}
		ring.byID[record.ID] = record
		ring.byParty[record.Party] = append(ring.byParty[record.Party], record)
	}
	return ring, nil
}

// Key finds a record by key id, valid or not: the caller knows the time.
func (r *Ring) Key(id string) (Record, bool) {
	record, ok := r.byID[id]
	return record, ok
}

// Current lists the party's keys of one algorithm that are valid at the given
// time, in the order in which they were given.
func (r *Ring) Current(party, algorithm string, at time.Time) []Record {
	var current []Record
	for _, record := range r.byParty[party] {
		if record.Algorithm == algorithm && record.ValidAt(at) {
			current = append(current, record)
		}
	}
	return current
}

// Live is a ring that its owner may replace while others read: a lookup sees
// either the old ring or the new one, never a mixture. Safe for concurrent use.
type Live struct{ ring atomic.Pointer[Ring] }

// NewLive starts with the given ring, which may be empty but not nil.
func NewLive(ring *Ring) *Live {
	live := &Live{}
	live.Replace(ring)
	return live
}

// Replace puts another ring, not nil, in place for all later lookups.
func (l *Live) Replace(ring *Ring) { l.ring.Store(ring) }

// Ring returns the ring in force.
func (l *Live) Ring() *Ring { return l.ring.Load() }

// Key looks the id up in the ring in force.
func (l *Live) Key(id string) (Record, bool) { return l.Ring().Key(id) }
