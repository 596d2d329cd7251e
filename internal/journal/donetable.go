package journal

import (
	"encoding/binary"
	"fmt"
)

// done says how far a cursor has come in one partition.
type done struct {
	// epoch counts how often the cursor was deleted. What an earlier one has done says nothing about the present one.
	epoch uint64

	// upTo is the last entry that is done; all before it are done too, because a partition is read one by one.
	upTo Revision
}

// later tells whether d replaces other.
func (d done) later(other done) bool {
	return d.epoch > other.epoch || (d.epoch == other.epoch && d.upTo > other.upTo)
}

// doneTable has one row per partition. One write of it counts for all partitions that changed.
//
// Stored form, integers big-endian: version 1 byte, 1; then per partition epoch 8 bytes and upTo 8 bytes; CRC-32C 4 bytes.
type doneTable []done

const (
	doneVersion  = 1
	doneRowBytes = 16
)

// merge takes over each row that is later than its own and tells whether there was one.
func (t doneTable) merge(rows map[int]done) (changed bool) {
	for partition, row := range rows {
		if row.later(t[partition]) {
			t[partition] = row
			changed = true
		}
	}
	return changed
}

func (t doneTable) encode() []byte {
	data := make([]byte, 0, 1+len(t)*doneRowBytes+checksumBytes)
	data = append(data, doneVersion)
	for _, row := range t {
		data = binary.BigEndian.AppendUint64(data, row.epoch)
		data = binary.BigEndian.AppendUint64(data, uint64(row.upTo))
	}
	return binary.BigEndian.AppendUint32(data, checksum(data))
}

// decodeDone reads a stored table of this many partitions. Every failure matches ErrCorrupt.
func decodeDone(data []byte, partitions int) (doneTable, error) {
	if want := 1 + partitions*doneRowBytes + checksumBytes; len(data) != want {
		return nil, fmt.Errorf("%w: cursor state of %d bytes instead of %d", ErrCorrupt, len(data), want)
	}
	body, sum := data[:len(data)-checksumBytes], data[len(data)-checksumBytes:]
	if checksum(body) != binary.BigEndian.Uint32(sum) {
		return nil, fmt.Errorf("%w: checksum of cursor state does not match", ErrCorrupt)
	}
	if body[0] != doneVersion {
		return nil, fmt.Errorf("%w: unknown version %d of cursor state", ErrCorrupt, body[0])
	}
	t := make(doneTable, partitions)
	for i := range t {
		row := body[1+i*doneRowBytes:]
		t[i] = done{epoch: binary.BigEndian.Uint64(row), upTo: Revision(binary.BigEndian.Uint64(row[8:]))}
	}
	return t, nil
}
