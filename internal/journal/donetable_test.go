package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"testing"
)

func TestDoneTableTakesTheLater(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		have, got, want done
		changed         bool
	}{
		"first":         {done{}, done{1, 5}, done{1, 5}, true},
		"further":       {done{1, 5}, done{1, 6}, done{1, 6}, true},
		"same":          {done{1, 5}, done{1, 5}, done{1, 5}, false},
		"behind":        {done{1, 5}, done{1, 4}, done{1, 5}, false},
		"created again": {done{1, 5}, done{2, 1}, done{2, 1}, true},
		"before that":   {done{2, 1}, done{1, 5}, done{2, 1}, false},
	} {
		table := doneTable{{}, row.have}
		if changed := table.merge(map[int]done{1: row.got}); changed != row.changed || table[1] != row.want {
			t.Errorf("%s: %+v, changed %v", name, table[1], changed)
		}
	}
}

func TestDoneTableBytesStayTheSame(t *testing.T) {
	t.Parallel()
	table := doneTable{{epoch: 1, upTo: 258}, {}}
	want := append([]byte{1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2}, make([]byte, 16)...)
	want = append(want, 0x5f, 0xf3, 0x05, 0xde)
	got := table.encode()
	if !bytes.Equal(got, want) {
		t.Errorf("a table is now % x, stores hold % x", got, want)
	}
	if again, err := decodeDone(got, 2); err != nil || !reflect.DeepEqual(again, table) {
		t.Errorf("decoded: %+v, %v", again, err)
	}
}

func TestDoneTableRefusesDamage(t *testing.T) {
	t.Parallel()
	good := doneTable{{epoch: 1, upTo: 258}, {}}.encode()
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if _, err := decodeDone(bad, 2); !errors.Is(err, ErrCorrupt) {
			t.Errorf("flipped bit in byte %d: %v", i, err)
		}
		if _, err := decodeDone(good[:i], 2); !errors.Is(err, ErrCorrupt) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	if _, err := decodeDone(good, 3); !errors.Is(err, ErrCorrupt) {
		t.Errorf("of other partitions: %v", err)
	}
	later := resealed(good, func(b []byte) []byte { b[0] = 2; return b })
	if _, err := decodeDone(later, 2); !errors.Is(err, ErrCorrupt) {
		t.Errorf("of a later version: %v", err)
	}
}

func FuzzDecodeDone(f *testing.F) {
	f.Add(doneTable{{epoch: 1, upTo: 258}, {}}.encode(), 2)
	f.Add([]byte{}, 0)
	f.Add(binary.BigEndian.AppendUint32([]byte{1}, checksum([]byte{1})), 0)
	f.Fuzz(func(t *testing.T, data []byte, partitions int) {
		if partitions < 0 || partitions > largestPartitions {
			return
		}
		if table, err := decodeDone(data, partitions); err == nil && !bytes.Equal(table.encode(), data) {
			t.Error("decoded and encoded again it differs")
		} else if err != nil && !errors.Is(err, ErrCorrupt) {
			t.Errorf("unexpected kind of error: %v", err)
		}
	})
}
