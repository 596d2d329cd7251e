package publish

import (
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"time"
)

// Role is what somebody signs as.
type Role string

// The roles.
const (
	Author   Role = "author"
	Approver Role = "approver"
	restorer Role = "rollback" // who orders the step back; an approver
)

// Signature is one person's word on a statement.
type Signature struct {
	Role  Role   `json:"role"`
	Party string `json:"party"` // id of the person
	Key   string `json:"key"`   // id of the key
	Value []byte `json:"value"` // DER, SM2 with SM3 (GB/T 32918.2, GM/T 0009)
}

// maxSignatures bounds what a bundle may ask to be verified.
const maxSignatures = 16

// Signer makes SM2 signatures under one key.
type Signer interface {
	Sign(message []byte) ([]byte, error)
}

// People knows who may sign and checks that they did.
type People interface {
	// Verify says whether the value is the signature of a person's key over the message, with the key valid at that time. The error is a
	// [Refusal]: [UnknownSigner], [KeyExpired] or [WrongSignature].
	Verify(role Role, party, key string, at time.Time, message, value []byte) error
	// MayApprove says whether a person may approve what concerns these platforms; nil concerns all.
	MayApprove(party string, platforms []string) bool
}

// message is what is signed: what it is for, by whom, and the digest of the text. The same person's signature in another role, or by
// another key, or over a thing of another kind, never fits.
func message(kind string, role Role, party, key string, text []byte, newHash func() hash.Hash) []byte {
	sum := newHash()
	sum.Write(text)
	return fmt.Appendf(nil, "zhengqiao policy %s v%d\nrole: %s\nparty: %s\nkey: %s\ndigest: %s\n",
		kind, formatVersion, role, party, key, hex.EncodeToString(sum.Sum(nil)))
}

const (
	kindBundle   = "bundle"
	kindRollback = "rollback"
)

// Sign adds a person's signature to a bundle, replacing an earlier one of the same person and role.
func (b *Bundle) Sign(role Role, party, key string, signer Signer) error {
	if !partyForm.MatchString(party) || key == "" || !line(key, maxNote) {
		return refuse(Malformed, "a signature needs a person and a key")
	}
	if role == Approver && party == b.Statement.Author || role == Author && party != b.Statement.Author {
		return refuse(SelfApproval, "%s is %s: the author signs as author, and others approve", b.Statement.Author, Author)
	}
	value, err := signer.Sign(message(kindBundle, role, party, key, b.statement, b.newHash))
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	b.Signatures = slices.DeleteFunc(b.Signatures, func(s Signature) bool { return s.Role == role && s.Party == party })
	if len(b.Signatures) >= maxSignatures {
		return refuse(TooLarge, "a bundle has at most %d signatures", maxSignatures)
	}
	b.Signatures = append(b.Signatures, Signature{role, party, key, value})
	return nil
}

// Approvers gives who approved, in the order of signing.
func (b *Bundle) Approvers() []string {
	var all []string
	for _, s := range b.Signatures {
		if s.Role == Approver {
			all = append(all, s.Party)
		}
	}
	return all
}

// Verify checks every signature at a time: the author's is there, nobody approves twice, the author doesn't approve, at least one other
// person did. A signature that doesn't hold refuses the bundle even where others suffice: somebody tampered with it.
func (b *Bundle) Verify(people People, at time.Time) error {
	authors, seen := 0, map[string]bool{}
	for _, s := range b.Signatures {
		switch {
		case s.Role != Author && s.Role != Approver:
			return refuse(Malformed, "nobody signs as %q", s.Role)
		case s.Role == Author && s.Party != b.Statement.Author:
			return refuse(UnknownSigner, "signed as author by %s, who is not the author", s.Party)
		case s.Role == Approver && s.Party == b.Statement.Author || seen[s.Party]:
			return refuse(SelfApproval, "%s signed more than once", s.Party)
		}
		seen[s.Party] = true
		if s.Role == Author {
			authors++
		}
		if err := people.Verify(s.Role, s.Party, s.Key, at, message(kindBundle, s.Role, s.Party, s.Key, b.statement, b.newHash), s.Value); err != nil {
			return err
		}
	}
	if authors != 1 || len(b.Signatures) < 2 {
		return refuse(Unsigned, "want the author's signature and another person's approval; there are %d signatures", len(b.Signatures))
	}
	return nil
}

// Need says how many approvals a change needs.
func Need(widens bool) int {
	if widens {
		return 2
	}
	return 1
}

// Approved says whether enough of those who may approved what concerns these platforms; nil concerns all. Call it after [Bundle.Verify].
func (b *Bundle) Approved(people People, widens bool, platforms []string) error {
	good := 0
	for _, party := range b.Approvers() {
		if people.MayApprove(party, platforms) {
			good++
		}
	}
	if need := Need(widens); good < need {
		return refuse(NotApproved, "%d of %d approvals by who may approve this", good, need)
	}
	return nil
}
