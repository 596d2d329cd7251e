package receipt

import (
	"bytes"
	"context"
	"fmt"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// Archive is where the records are; [evidence.Records] is one.
type Archive interface {
	// Read gives a record and the digest of its stored bytes.
	Read(ctx context.Context, index uint64) (evidence.Entry, string, error)
	// Unseal gives the bytes that the caller signed and the body that they name.
	Unseal(entry *evidence.Entry) (signedBytes, body []byte, err error)
}

// Callers finds the platforms' keys; [keys.Ring] is one.
type Callers interface {
	Key(id string) (keys.Record, bool)
}

// Finding is one thing that was looked at. It names no personal data.
type Finding struct {
	OK   bool
	Text string
}

// Verify looks up the record of the answer's receipt and says, point by point, whether they belong together. An error means that
// the record could not be read at all.
func Verify(ctx context.Context, a *Answer, archive Archive, callers Callers) ([]Finding, error) {
	entry, digest, err := archive.Read(ctx, *a.Receipt.Index)
	if err != nil {
		return nil, err
	}
	findings := []Finding{
		{digest == a.Receipt.Digest, fmt.Sprintf("the stored record %d has the receipt's digest", *a.Receipt.Index)},
		a.identity(&entry),
		a.content(&entry),
	}
	return append(findings, signature(&entry, archive, callers)...), nil
}

// identity: a report of a change is on record by its own reportId, which the signed body names and the answer does not repeat.
func (a *Answer) identity(entry *evidence.Entry) Finding {
	if entry.Operation == exchange.ChangeReport {
		return Finding{a.Code != "" || entry.Subject == a.Licence, "the record is that of report " + entry.ID}
	}
	return Finding{entry.ID == a.ID, "the record is that of this query"}
}

func (a *Answer) content(entry *evidence.Entry) Finding {
	if a.Code != "" {
		return Finding{entry.Outcome == a.Code, "the record says that the outcome was " + entry.Outcome}
	}
	if a.Outcome != "" {
		return Finding{entry.Outcome == a.Outcome, "the record says that the outcome was " + entry.Outcome}
	}
	same := entry.Outcome == exchange.Answered && entry.AnswerDigest == evidence.DigestHex(a.unsigned)
	return Finding{same, "the record names the digest of this very answer"}
}

// signature looks whether the platform asked: the sealed bytes carry its signature and name the digest of the sealed body.
func signature(entry *evidence.Entry, archive Archive, callers Callers) []Finding {
	signed, body, err := archive.Unseal(entry)
	if err != nil || len(signed) == 0 {
		return []Finding{{false, "what the platform signed is there and can be opened"}}
	}
	key, known := callers.Key(entry.KeyID)
	if !known || key.Party != entry.Platform {
		return []Finding{{false, fmt.Sprintf("the configuration has the key %s of %s", entry.KeyID, entry.Platform)}}
	}
	return []Finding{
		{key.Key.Verify(signed, entry.Signature), fmt.Sprintf("%s signed the question with its key %s", entry.Platform, entry.KeyID)},
		{bytes.Contains(signed, []byte(httpsig.ContentDigest(body))), "what it signed names the recorded question"},
	}
}
