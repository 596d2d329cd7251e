package journal

import (
	"encoding/binary"
	"fmt"
)

// message is a decoded batch. Its records point into the payload it was decoded from.
type message struct {
	first   uint64
	records []Record
}

// next is the index that follows the message.
func (m message) next() uint64 { return m.first + uint64(len(m.records)) }

// holds tells whether the record with this index is in the message.
func (m message) holds(index uint64) bool { return index >= m.first && index < m.next() }

// decode reads a stored message. Every failure matches ErrCorrupt and never shows the bytes themselves.
func decode(payload []byte) (message, error) {
	if len(payload) < batchHeaderBytes+checksumBytes {
		return message{}, fmt.Errorf("%w: message of %d bytes is too short", ErrCorrupt, len(payload))
	}
	body, sum := payload[:len(payload)-checksumBytes], payload[len(payload)-checksumBytes:]
	if checksum(body) != binary.BigEndian.Uint32(sum) {
		return message{}, fmt.Errorf("%w: checksum does not match", ErrCorrupt)
	}
	if body[0] != batchVersion {
		return message{}, fmt.Errorf("%w: unknown message version %d", ErrCorrupt, body[0])
	}
	return decodeBody(body)
}

func decodeBody(body []byte) (message, error) {
	m := message{first: binary.BigEndian.Uint64(body[9:])}
	count := binary.BigEndian.Uint32(body[17:])
	if count == 0 || count > maxBatchRecords || m.first+uint64(count) < m.first {
		return message{}, fmt.Errorf("%w: message of %d records", ErrCorrupt, count)
	}
	m.records = make([]Record, count)
	rest := body[batchHeaderBytes:]
	for i := range m.records {
		var err error
		if m.records[i], rest, err = decodeRecord(rest); err != nil {
			return message{}, err
		}
	}
	if len(rest) != 0 {
		return message{}, fmt.Errorf("%w: %d bytes after the last record", ErrCorrupt, len(rest))
	}
	return m, nil
}

func decodeRecord(data []byte) (Record, []byte, error) {
	key, rest, err := decodeField(data)
	if err != nil {
		return Record{}, nil, err
	}
	value, rest, err := decodeField(rest)
	return Record{Key: string(key), Data: value}, rest, err
}

// decodeField cuts one length-prefixed field off. The capacity ends with the field, so an append by a reader cannot
// write into its neighbour.
func decodeField(data []byte) (field, rest []byte, err error) {
	size, n := binary.Uvarint(data)
	if n <= 0 || size > uint64(len(data)-n) {
		return nil, nil, fmt.Errorf("%w: field runs past the message", ErrCorrupt)
	}
	end := n + int(size)
	return data[n:end:end], data[end:], nil
}
