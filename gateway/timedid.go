package gateway

import (
	"encoding/binary"
	"io"
	"time"

	"github.com/google/uuid"
)

// timedID draws an id that carries the moment at which its request came, to the millisecond: a UUID of version 7 (RFC 9562 §5.7). A
// record is found again by it without an index, since records lie in the order of time. The other 74 bits are drawn, so an id can't
// be guessed. A moment before 1970 counts as 1970.
func timedID(at time.Time, random io.Reader) (uuid.UUID, error) {
	id, err := uuid.NewRandomFromReader(random)
	if err != nil {
		return uuid.Nil, err
	}
	var moment [8]byte
	binary.BigEndian.PutUint64(moment[:], uint64(max(at.UnixMilli(), 0)))
	copy(id[:6], moment[2:])
	id[6] = id[6]&0x0f | 7<<4
	return id, nil
}
