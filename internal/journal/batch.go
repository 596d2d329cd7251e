package journal

import (
	"encoding/binary"
	"hash/crc32"
)

// Layout of one message, all integers big-endian:
//
//	version   1 byte, 1
//	writer    8 bytes, random per opened log: tells our own message from another writer's
//	first     8 bytes, index of the first record
//	count     4 bytes, number of records, 1 to 256
//	records   count times: uvarint length, key, uvarint length, data
//	checksum  4 bytes, CRC-32C of everything before
//
// The checksum finds damage, not malice: the evidence log above has its own hashes and signatures.
const (
	batchVersion     = 1
	batchHeaderBytes = 1 + 8 + 8 + 4
	checksumBytes    = 4
	maxBatchRecords  = 256
	maxBatchBytes    = 1 << 20
)

// batch is one message that is being filled. Its queue owns it until the writer takes it; then the writer does.
// Callers that wait on it only read result fields, after done is closed.
type batch struct {
	buf   []byte
	count int

	done     chan struct{} // closed when first, sequence and err are final
	first    uint64
	sequence uint64
	err      error
}

func newBatch(buf []byte) *batch {
	return &batch{buf: append(buf[:0], make([]byte, batchHeaderBytes)...), done: make(chan struct{})}
}

// fits tells whether r can share this message.
func (b *batch) fits(r Record) bool {
	size := len(b.buf) + len(r.Key) + len(r.Data) + 2*binary.MaxVarintLen32 + checksumBytes
	return b.count < maxBatchRecords && (b.count == 0 || size <= maxBatchBytes)
}

// add copies r into the message, so the caller may reuse its bytes at once, and returns its offset among the records.
func (b *batch) add(r Record) int {
	b.buf = binary.AppendUvarint(b.buf, uint64(len(r.Key)))
	b.buf = append(b.buf, r.Key...)
	b.buf = binary.AppendUvarint(b.buf, uint64(len(r.Data)))
	b.buf = append(b.buf, r.Data...)
	b.count++
	return b.count - 1
}

// seal fills in the header and the checksum. After it the bytes do not change.
func (b *batch) seal(writer, first uint64) {
	b.buf[0] = batchVersion
	binary.BigEndian.PutUint64(b.buf[1:], writer)
	binary.BigEndian.PutUint64(b.buf[9:], first)
	binary.BigEndian.PutUint32(b.buf[17:], uint32(b.count))
	b.buf = binary.BigEndian.AppendUint32(b.buf, checksum(b.buf))
	b.first = first
}

// finish publishes the result to everyone who waits.
func (b *batch) finish(sequence uint64, err error) {
	b.sequence, b.err = sequence, err
	close(b.done)
}

func checksum(data []byte) uint32 {
	return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) // the table is made once, by the library
}
