// Package people knows the authors and approvers of policies by their SM2 keys. It is a [publish.People] over a key ring, and the pen with
// which they sign. It stops at who may: what is signed is the package publish's matter.
package people

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// Person is somebody who writes or approves policies.
type Person struct {
	ID        string
	Author    bool
	Approver  bool
	Platforms []string // that an approver may approve changes for; empty: all
	Keys      []keys.Record
}

// Register is a closed list of people. It is immutable and safe for concurrent use.
type Register struct {
	people map[string]Person
	ring   *keys.Ring
}

var _ publish.People = (*Register)(nil)

// NewRegister makes a register. Ids and key ids are unique: the error says which isn't.
func NewRegister(all ...Person) (*Register, error) {
	r := &Register{people: map[string]Person{}}
	var records []keys.Record
	for _, person := range all {
		if _, taken := r.people[person.ID]; taken {
			return nil, fmt.Errorf("%s is listed twice", person.ID)
		}
		r.people[person.ID] = person
		records = append(records, person.Keys...)
	}
	var err error
	r.ring, err = keys.NewRing(records...)
	return r, err
}

// Authors gives the ids of those who may write policies, in order.
func (r *Register) Authors() []string {
	var ids []string
	for id, person := range r.people {
		if person.Author {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Ring gives the keys of all.
func (r *Register) Ring() *keys.Ring { return r.ring }

// Verify implements [publish.People].
func (r *Register) Verify(role publish.Role, party, key string, at time.Time, message, value []byte) error {
	person, known := r.people[party]
	record, found := r.ring.Key(key)
	switch {
	case !known || !found || record.Party != party || record.Algorithm != keys.AlgorithmSign:
		return refusal(publish.UnknownSigner, "%s has no key %s", party, key)
	case role == publish.Author && !person.Author || role == publish.Approver && !person.Approver:
		return refusal(publish.UnknownSigner, "%s is no %s", party, role)
	case !record.ValidAt(at):
		return refusal(publish.KeyExpired, "key %s of %s is not valid at %s", key, party, at.UTC().Format(time.RFC3339))
	case !record.Key.Verify(message, value):
		return refusal(publish.WrongSignature, "not made by key %s of %s over this", key, party)
	}
	return nil
}

// MayApprove implements [publish.People].
func (r *Register) MayApprove(party string, platforms []string) bool {
	person, known := r.people[party]
	if !known || !person.Approver {
		return false
	}
	if len(person.Platforms) == 0 {
		return true
	}
	return platforms != nil && !slices.ContainsFunc(platforms, func(id string) bool { return !slices.Contains(person.Platforms, id) })
}

// maxID bounds what of a stranger's name goes into a message.
const maxID = 64

func refusal(code publish.Code, format string, args ...any) error {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = text[:min(len(text), maxID)]
		}
	}
	return &publish.Refusal{Code: code, Err: fmt.Errorf(format, args...)}
}

// Pen signs with one private key. It is a [publish.Signer].
type Pen struct {
	Key    *smcrypto.PrivateKey
	Random io.Reader
}

// Sign implements [publish.Signer].
func (p Pen) Sign(message []byte) ([]byte, error) {
	if p.Key == nil {
		return nil, errors.New("no key to sign with")
	}
	return p.Key.Sign(p.Random, message)
}
