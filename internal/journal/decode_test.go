package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"testing"
)

func sealed(first uint64, records ...Record) []byte {
	b := newBatch(nil)
	for _, r := range records {
		b.add(r)
	}
	b.seal(0x0102030405060708, first)
	return b.buf
}

func TestDecodeReturnsWhatWasSealed(t *testing.T) {
	t.Parallel()
	for name, records := range map[string][]Record{
		"one":       {{Data: []byte("a"), Key: "k"}},
		"empty":     {{Data: []byte{}}},
		"unlike":    {{Data: []byte("a")}, {Data: []byte{}, Key: "only a key"}, {Data: bytes.Repeat([]byte{0xff}, 70_000)}},
		"full":      make256(),
		"not ASCII": {{Data: []byte("驾驶证"), Key: "\x00\xff"}},
	} {
		m, err := decode(sealed(41, records...))
		if err != nil || m.first != 41 || !reflect.DeepEqual(m.records, records) {
			t.Errorf("%s: first %d, %d records, %v", name, m.first, len(m.records), err)
		}
	}
}

func make256() []Record {
	records := make([]Record, maxBatchRecords)
	for i := range records {
		records[i] = Record{Data: []byte{byte(i)}}
	}
	return records
}

func TestSealedBytesStayTheSame(t *testing.T) {
	t.Parallel()
	want := []byte{
		1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 2, 1, 'k', 2, 'h', 'i', 0, 1, '!',
		0xb6, 0x00, 0x67, 0xe4}
	got := sealed(5, Record{Key: "k", Data: []byte("hi")}, Record{Data: []byte("!")})
	if !bytes.Equal(got, want) {
		t.Errorf("a message is now % x, stores hold % x", got, want)
	}
}

// resealed puts a matching checksum under a damaged message, so that only the structure can give it away.
func resealed(payload []byte, damage func([]byte) []byte) []byte {
	body := damage(bytes.Clone(payload[:len(payload)-checksumBytes]))
	return binary.BigEndian.AppendUint32(body, checksum(body))
}

func TestDecodeRefusesDamage(t *testing.T) {
	t.Parallel()
	good := sealed(5, Record{Key: "k", Data: []byte("hi")}, Record{Data: []byte("!")})
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if _, err := decode(bad); !errors.Is(err, ErrCorrupt) {
			t.Errorf("flipped bit in byte %d: %v", i, err)
		}
		if _, err := decode(good[:i]); !errors.Is(err, ErrCorrupt) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	for name, damage := range map[string]func([]byte) []byte{
		"version":      func(b []byte) []byte { b[0] = 2; return b },
		"no records":   func(b []byte) []byte { b[20] = 0; return b },
		"too many":     func(b []byte) []byte { b[19] = 2; return b },
		"one missing":  func(b []byte) []byte { b[20] = 3; return b },
		"one too many": func(b []byte) []byte { b[20] = 1; return b },
		"index wraps":  func(b []byte) []byte { copy(b[9:], bytes.Repeat([]byte{0xff}, 8)); return b },
		"long field":   func(b []byte) []byte { b[21] = 0x7f; return b },
		"huge field": func(b []byte) []byte {
			return append(b[:21], binary.AppendUvarint(nil, 1<<63)...)
		},
		"endless length": func(b []byte) []byte { return append(b[:21], bytes.Repeat([]byte{0x80}, 12)...) },
	} {
		if _, err := decode(resealed(good, damage)); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(sealed(5, Record{Key: "k", Data: []byte("hi")}, Record{Data: []byte("!")}))
	f.Add(sealed(0, make256()...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, payload []byte) {
		_, _ = decode(payload) // as it came: most inputs fail at the checksum
		if len(payload) < checksumBytes {
			return
		}
		m, err := decode(resealed(payload, func(b []byte) []byte { return b }))
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("unexpected kind of error: %v", err)
			}
			return
		}
		again, err := decode(sealed(m.first, m.records...))
		if err != nil || !reflect.DeepEqual(again, m) {
			t.Errorf("decoded, sealed and decoded again it differs: %v", err)
		}
	})
}
