package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"testing"
	"time"
)

func someFrame(data string) frame {
	return frame{token: token{1, 2, 3, 15: 16}, follows: 41, data: []byte(data)}
}

func TestFrameReturnsWhatWasEncoded(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "x", "驾驶证", string(bytes.Repeat([]byte{0xff}, 70_000))} {
		want := someFrame(data)
		got, err := decodeFrame("k", want.encode("k"))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%d bytes: %+v, %v", len(data), got, err)
		}
	}
}

func TestEncodedBytesStayTheSame(t *testing.T) {
	t.Parallel()
	want := []byte{1, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 41, 'h', 'i',
		0xcb, 0x5f, 0x5a, 0x8d}
	if got := someFrame("hi").encode("k"); !bytes.Equal(got, want) {
		t.Errorf("an entry is now % x, stores hold % x", got, want)
	}
}

func TestFrameRefusesDamage(t *testing.T) {
	t.Parallel()
	good := someFrame("hi").encode("k")
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if _, err := decodeFrame("k", bad); !errors.Is(err, ErrCorrupt) {
			t.Errorf("flipped bit in byte %d: %v", i, err)
		}
		if _, err := decodeFrame("k", good[:i]); !errors.Is(err, ErrCorrupt) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	if _, err := decodeFrame("another", good); !errors.Is(err, ErrCorrupt) {
		t.Errorf("under another key: %v", err)
	}
	later := bytes.Clone(good)
	later[0] = 2
	if _, err := decodeFrame("k", rechecked("k", later)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("of a later version: %v", err)
	}
	for _, subject := range []string{"", "ledger.x.1", "ledger.x.one.k", "ledger.x.1.k.more"} {
		if _, err := decodeStored(subject, good, 1, time.Time{}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("under subject %q: %v", subject, err)
		}
	}
}

// rechecked puts a matching checksum under a damaged entry.
func rechecked(key string, payload []byte) []byte {
	body := bytes.Clone(payload[:len(payload)-checksumBytes])
	return binary.BigEndian.AppendUint32(body, entryChecksum(key, body))
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add("ledger.x.1.k", someFrame("hi").encode("k"))
	f.Add("ledger.x.1.k", []byte{})
	f.Add("", []byte("0123456789012345678901234567890"))
	f.Fuzz(func(t *testing.T, subject string, payload []byte) {
		s, err := decodeStored(subject, payload, 1, time.Time{})
		if err != nil && !errors.Is(err, ErrCorrupt) {
			t.Errorf("unexpected kind of error: %v", err)
		}
		if err == nil && !bytes.Equal(s.encode(s.key), payload) {
			t.Error("decoded and encoded again it differs")
		}
		if len(payload) < checksumBytes {
			return
		}
		if g, err := decodeFrame("k", rechecked("k", payload)); err == nil && !bytes.Equal(g.encode("k"), rechecked("k", payload)) {
			t.Error("with its checksum repaired, decoded and encoded again it differs")
		}
	})
}
