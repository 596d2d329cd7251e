package holding

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"
)

// Digest is one line of a list of what is held.
type Digest struct {
	Licence string    `json:"licence"`
	Version uint64    `json:"version"`
	Digest  string    `json:"digest"` // see [Copy.Digest]
	Learned time.Time `json:"learned"`
}

// Digest is the lower-case hex SHA-256 of the fields in the order of their names, each as name, "=", value and a line feed.
func (c Copy) Digest() string {
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		hash.Write([]byte(name + "=" + c.Fields[name] + "\n"))
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// List gives the digests of at most so many copies in ascending order of licence, those after the given one.
func (b *Book) List(after string, most int) []Digest {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []Digest{}
	for _, licence := range slices.Sorted(maps.Keys(b.copies)) {
		if licence > after && len(list) < most {
			held := b.copies[licence]
			list = append(list, Digest{licence, held.Version, held.Digest(), held.Learned})
		}
	}
	return list
}
