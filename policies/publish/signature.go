package publish

import (
	"bytes"
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
	if err := b.VerifySignatures(people, at); err != nil {
		return err
	}
	if !b.SignedByAuthor() || len(b.Signatures) < 2 {
		return refuse(Unsigned, "want the author's signature and another person's approval; there are %d signatures", len(b.Signatures))
	}
	return nil
}

// VerifySignatures checks those that there are, and not whether they are enough.
func (b *Bundle) VerifySignatures(people People, at time.Time) error {
	seen := map[string]bool{}
	for _, s := range b.Signatures {
		if err := b.mayStand(&s, seen); err != nil {
			return err
		}
		seen[s.Party] = true
		if err := people.Verify(s.Role, s.Party, s.Key, at, message(kindBundle, s.Role, s.Party, s.Key, b.statement, b.newHash), s.Value); err != nil {
			return err
		}
	}
	return nil
}

// mayStand says whether somebody may sign in this role at all. Nothing of a signature is proven yet, so what it says is told clipped.
func (b *Bundle) mayStand(s *Signature, seen map[string]bool) error {
	switch {
	case s.Role != Author && s.Role != Approver:
		return refuse(Malformed, "nobody signs as %q", clipped(string(s.Role)))
	case s.Role == Author && s.Party != b.Statement.Author:
		return refuse(UnknownSigner, "signed as author by %q, who is not the author", clipped(s.Party))
	case s.Role == Approver && s.Party == b.Statement.Author || seen[s.Party]:
		return refuse(SelfApproval, "%q signed more than once", clipped(s.Party))
	}
	return nil
}

// SignedByAuthor reports whether the author's signature is there; whether it holds is for [Bundle.VerifySignatures] to say.
func (b *Bundle) SignedByAuthor() bool {
	return slices.ContainsFunc(b.Signatures, func(s Signature) bool { return s.Role == Author })
}

// Join takes over from another copy of the same bundle, statement and all, the signatures that this one lacks: people sign each a copy of
// their own. It gives who signed there. All signatures of both must hold.
func (b *Bundle) Join(other *Bundle, people People, at time.Time) (joined []Signature, err error) {
	if !bytes.Equal(b.statement, other.statement) {
		return nil, refuse(Tampered, "another bundle than the one that was to be signed")
	}
	for _, copied := range []*Bundle{b, other} {
		if err := copied.VerifySignatures(people, at); err != nil {
			return nil, err
		}
	}
	for _, s := range other.Signatures {
		if !slices.ContainsFunc(b.Signatures, func(had Signature) bool { return had.Role == s.Role && had.Party == s.Party }) {
			joined = append(joined, s)
		}
	}
	if len(b.Signatures)+len(joined) > maxSignatures {
		return nil, refuse(TooLarge, "a bundle has at most %d signatures", maxSignatures)
	}
	b.Signatures = append(b.Signatures, joined...)
	return joined, nil
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
