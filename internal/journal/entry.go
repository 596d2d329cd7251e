package journal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"time"
)

// Revision numbers the entries of a ledger. It is never 0 for a stored entry, and no two entries share one. Within a
// partition revisions grow in the order of writing, so each key's do; between partitions they say nothing about time. A
// ledger of one partition numbers its entries from 1 without a hole.
type Revision uint64

// Entry is one stored value of a key. The journal does not look inside.
type Entry struct {
	// Key names what the entry is about: a pseudonym, never a personal number.
	Key string

	// Data belongs to the caller.
	Data []byte

	// Revision is the entry's identity in its ledger.
	Revision Revision

	// Follows is the key's revision before this one, 0 for its first. Going back along it visits the whole history.
	Follows Revision

	// Partition is the part of the ledger that the key belongs to, from 0.
	Partition int

	// StoredAt is when the engine stored it, in UTC.
	StoredAt time.Time
}

// Layout of one entry in the stream, all integers big-endian:
//
//	version   1 byte, 1
//	token     16 bytes, unique per Put: tells our own entry from another writer's after an unanswered write
//	follows   8 bytes, the key's revision before this one
//	data      the rest
//	checksum  4 bytes, CRC-32C of the key and everything before
//
// The key is in the subject. It is under the checksum, so an entry that was copied to another key does not decode.
const (
	entryVersion     = 1
	entryHeaderBytes = 1 + tokenBytes + 8
	tokenBytes       = 16
)

// token marks one Put for ever: 8 random bytes per opened ledger and a count.
type token [tokenBytes]byte

// frame is a decoded entry. Its data points into the payload it was decoded from.
type frame struct {
	token   token
	follows Revision
	data    []byte
}

// encode returns the bytes that are stored. They do not share memory with data.
func (f frame) encode(key string) []byte {
	payload := make([]byte, 0, entryHeaderBytes+len(f.data)+checksumBytes)
	payload = append(payload, entryVersion)
	payload = append(payload, f.token[:]...)
	payload = binary.BigEndian.AppendUint64(payload, uint64(f.follows))
	payload = append(payload, f.data...)
	return binary.BigEndian.AppendUint32(payload, entryChecksum(key, payload))
}

// decodeFrame reads a stored entry of key. Every failure matches ErrCorrupt and shows neither key nor data.
func decodeFrame(key string, payload []byte) (frame, error) {
	if len(payload) < entryHeaderBytes+checksumBytes {
		return frame{}, fmt.Errorf("%w: entry of %d bytes is too short", ErrCorrupt, len(payload))
	}
	end := len(payload) - checksumBytes
	body := payload[:end:end] // an append by a reader cannot write into the checksum
	if entryChecksum(key, body) != binary.BigEndian.Uint32(payload[end:]) {
		return frame{}, fmt.Errorf("%w: checksum does not match", ErrCorrupt)
	}
	if body[0] != entryVersion {
		return frame{}, fmt.Errorf("%w: unknown entry version %d", ErrCorrupt, body[0])
	}
	f := frame{follows: Revision(binary.BigEndian.Uint64(body[1+tokenBytes:])), data: body[entryHeaderBytes:]}
	copy(f.token[:], body[1:])
	return f, nil
}

func entryChecksum(key string, body []byte) uint32 {
	return crc32.Update(checksum([]byte(key)), crc32.MakeTable(crc32.Castagnoli), body)
}
