package evidence

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

// Log is the append-only log that records go to; [journal.Log] is one.
type Log interface {
	// Append returns when the record can no longer be lost. It keeps no reference to the record's data.
	Append(context.Context, journal.Record) (journal.Position, error)
	// Get reads the record of an index.
	Get(ctx context.Context, index uint64) (journal.Record, error)
}

// Vault seals what only an investigation may read; [envelope.Vault] is one.
type Vault interface {
	// Seal keeps no reference to content.
	Seal(content, aad []byte) (envelope.Sealed, error)
	Open(sealed envelope.Sealed, aad []byte) ([]byte, error)
}

// Entry is the stored form of a record, version 1, as JSON. Sealed holds, under the record's id, what the caller wrote: the bytes
// it signed and the request body; either may hold a personal number. Destroying the vault's key erases them while the rest stays.
type Entry struct {
	Version int `json:"v"`
	exchange.Record
	Sealed *envelope.Sealed `json:"sealed,omitempty"`
}

const entryVersion = 1

// Records writes and reads records. It is safe for concurrent use.
type Records struct {
	log   Log
	vault Vault
	now   func() time.Time
	texts sync.Pool // of *[]byte, to encode into; one belongs to one call of Record
}

// NewRecords puts records into log, their bodies sealed by vault.
func NewRecords(log Log, vault Vault, now func() time.Time) *Records {
	return &Records{log: log, vault: vault, now: now}
}

// overloadedFor is what a caller is told to wait when the log's queue is full; a batch takes a few milliseconds.
const overloadedFor = time.Second

// Record implements [exchange.Recorder]. It returns when the record is on disk. Errors: [exchange.Overloaded] when too many
// records wait for the disk (this one was not stored); any other error leaves open whether it was.
func (r *Records) Record(ctx context.Context, record *exchange.Record) (exchange.Receipt, error) {
	text := r.borrow()
	data, err := r.encode(*text, record)
	defer r.giveBack(text, data)
	if err != nil {
		return exchange.Receipt{}, fmt.Errorf("encode a record: %w", err)
	}
	position, err := r.log.Append(ctx, journal.Record{Data: data, Key: record.Subject})
	if errors.Is(err, journal.ErrOverloaded) {
		return exchange.Receipt{}, &exchange.Error{Code: exchange.Overloaded, RetryAfter: overloadedFor, Err: err}
	}
	if err != nil {
		return exchange.Receipt{}, fmt.Errorf("make a record durable: %w", err)
	}
	return exchange.Receipt{
		Log: position.Log, Index: position.Index, Digest: DigestHex(data), RecordedAt: r.now().UTC().Truncate(time.Millisecond),
	}, nil
}

// usualEntry is room for a usual record; what has grown beyond largestKept is not kept.
const (
	usualEntry  = 4 << 10
	largestKept = 64 << 10
)

func (r *Records) borrow() *[]byte {
	if text, ok := r.texts.Get().(*[]byte); ok {
		return text
	}
	text := make([]byte, 0, usualEntry)
	return &text
}

func (r *Records) giveBack(text *[]byte, grown []byte) {
	if cap(grown) <= largestKept {
		*text = grown[:0]
		r.texts.Put(text)
	}
}

// encode makes the stored form in the room of text, which what the caller wrote passes through on its way to be sealed.
func (r *Records) encode(text []byte, record *exchange.Record) ([]byte, error) {
	if len(record.Body)+len(record.SignedBytes) == 0 {
		return appendEntry(text, record, nil)
	}
	text = join(text, record.SignedBytes, record.Body)
	sealed, err := r.vault.Seal(text, []byte(record.ID))
	if err != nil {
		return text, err
	}
	return appendEntry(text[:0], record, &sealed)
}

// Read gives the record of an index with the digest of its stored bytes, which a receipt must name. Errors:
// [journal.ErrNotFound] for an index that was never given out, [ErrUnreadable] for bytes that are no record.
func (r *Records) Read(ctx context.Context, index uint64) (Entry, string, error) {
	stored, err := r.log.Get(ctx, index)
	if err != nil {
		return Entry{}, "", fmt.Errorf("read record %d: %w", index, err)
	}
	entry, err := DecodeEntry(stored.Data)
	return entry, DigestHex(stored.Data), err
}

// ErrUnreadable says that stored bytes are no record of a known version.
var ErrUnreadable = errors.New("not a record of a known version")

// DecodeEntry reads the stored form.
func DecodeEntry(data []byte) (Entry, error) {
	var entry Entry
	if err := json.Unmarshal(data, &entry); err != nil {
		return Entry{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if entry.Version != entryVersion {
		return Entry{}, fmt.Errorf("%w: version %d", ErrUnreadable, entry.Version)
	}
	return entry, nil
}

// Unseal gives the bytes that the caller signed, to which [exchange.Record]'s Signature belongs, and the body whose digest they
// name.
func (r *Records) Unseal(entry *Entry) (signedBytes, body []byte, err error) {
	if entry.Sealed == nil {
		return nil, nil, nil
	}
	content, err := r.vault.Open(*entry.Sealed, []byte(entry.ID))
	if err != nil {
		return nil, nil, fmt.Errorf("open what the caller of record %s wrote: %w", entry.ID, err)
	}
	return split(content)
}

// prefixSize is that of the length before the signed bytes.
const prefixSize = 4

// join puts the signed bytes, with their length before them, and the body behind text.
func join(text, signedBytes, body []byte) []byte {
	text = binary.BigEndian.AppendUint32(text, uint32(len(signedBytes)))
	return append(append(text, signedBytes...), body...)
}

func split(content []byte) (signedBytes, body []byte, err error) {
	if len(content) < prefixSize || uint64(binary.BigEndian.Uint32(content)) > uint64(len(content)-prefixSize) {
		return nil, nil, fmt.Errorf("%w: its sealed part", ErrUnreadable)
	}
	end := prefixSize + int(binary.BigEndian.Uint32(content))
	return content[prefixSize:end], content[end:], nil
}
