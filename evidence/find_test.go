package evidence_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// timed makes an id of a moment, of version 7 by the RFC's layout.
func timed(at time.Time, number uint32) string {
	var id uuid.UUID
	var moment [8]byte
	binary.BigEndian.PutUint64(moment[:], uint64(at.UnixMilli()))
	copy(id[:6], moment[2:])
	id[6], id[8] = 0x70, 0x80
	binary.BigEndian.PutUint32(id[12:], number)
	return id.String()
}

// past is a log in memory.
type past [][]byte

func (p past) Head() uint64 { return uint64(len(p)) }

func (p past) Get(_ context.Context, index uint64) (journal.Record, error) {
	return journal.Record{Data: p[index]}, nil
}

func (p past) Scan(_ context.Context, from uint64, visit func(journal.Position, journal.Record) error) error {
	for i := from; i < uint64(len(p)); i++ {
		if err := visit(journal.Position{Index: i}, journal.Record{Data: p[i]}); err != nil {
			return err
		}
	}
	return nil
}

func stored(t interface{ Fatal(...any) }, id string, at time.Time) []byte {
	data, err := json.Marshal(evidence.Entry{Version: 1, Record: exchange.Record{ID: id, Time: at}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestEveryRecordIsFoundByItsID: also when records lie out of order by as much as a slow source and a clock that is set can bring
// about, and between such as carry no time in their id.
func TestEveryRecordIsFoundByItsID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var log past
		var ids []string
		clock := noon
		for i := range rapid.IntRange(1, 300).Draw(t, "records") {
			clock = clock.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "later")) * time.Millisecond)
			at := clock.Add(-time.Duration(rapid.IntRange(0, 29_000).Draw(t, "took")) * time.Millisecond)
			id := timed(at, uint32(i))
			if rapid.IntRange(0, 9).Draw(t, "kind") == 0 {
				id = "zheliban-7" // a notice
			}
			log, ids = append(log, stored(t, id, at)), append(ids, id)
		}
		for i, id := range ids {
			if id == "zheliban-7" {
				continue
			}
			index, entry, err := evidence.Find(t.Context(), log, id)
			if err != nil || index != uint64(i) || entry.ID != id {
				t.Fatalf("%s of %d records: found %d, %v", id, len(log), index, err)
			}
		}
		from, err := evidence.FirstAt(t.Context(), log, noon.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		for i := range from {
			if entry, err := evidence.DecodeEntry(log[i]); err != nil || !entry.Time.Before(noon.Add(time.Minute)) {
				t.Fatalf("record %d of %s lies before %d, %v", i, entry.Time, from, err)
			}
		}
	})
}

func TestAnIDOfNoRecordIsNotFound(t *testing.T) {
	t.Parallel()
	log := past{stored(t, timed(noon, 1), noon), stored(t, timed(noon, 2), noon)}
	for name, id := range map[string]string{
		"never given out": timed(noon, 3), "of another time": timed(noon.Add(-24*time.Hour), 1), "without a time": "0e0de1ce-7a25-4a5d-9e0b-0c5f4b0b2f55",
		"no id": "q-1", "other spelling": "{" + timed(noon, 1) + "}", "a part of one": timed(noon, 1)[:35],
	} {
		if _, _, err := evidence.Find(t.Context(), log, id); !errors.Is(err, evidence.ErrNoRecord) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := evidence.Find(t.Context(), past{}, timed(noon, 1)); !errors.Is(err, evidence.ErrNoRecord) {
		t.Errorf("an empty log: %v", err)
	}
	if _, _, err := evidence.Find(t.Context(), past{[]byte("no record")}, timed(noon, 1)); !errors.Is(err, evidence.ErrUnreadable) {
		t.Errorf("a damaged log: %v", err)
	}
}

// crowd is a log of very many records of one moment, which counts how many of them are read.
type crowd struct {
	size uint64
	data []byte
	read *int
}

func (c crowd) Head() uint64 { return c.size }

func (c crowd) Get(context.Context, uint64) (journal.Record, error) {
	return journal.Record{Data: c.data}, nil
}

func (c crowd) Scan(_ context.Context, from uint64, visit func(journal.Position, journal.Record) error) error {
	for i := from; i < c.size; i++ {
		*c.read++
		if err := visit(journal.Position{Index: i}, journal.Record{Data: c.data}); err != nil {
			return err
		}
	}
	return nil
}

// TestAMadeUpIDCostsLittle: however many records its moment has.
func TestAMadeUpIDCostsLittle(t *testing.T) {
	t.Parallel()
	read := 0
	log := crowd{3_000_000, stored(t, timed(noon, 1), noon), &read}
	if _, _, err := evidence.Find(t.Context(), log, timed(noon, 2)); !errors.Is(err, evidence.ErrNoRecord) || read > 300_000 {
		t.Errorf("%d records were read, %v", read, err)
	}
}

func TestARecordIsFoundInTheJournal(t *testing.T) {
	t.Parallel()
	log := openJournal(t, t.TempDir())
	records := evidence.NewRecords(log, newVault(t), time.Now)
	record := sample(t)
	record.ID = timed(record.Time, 7)
	for range 3 {
		other := sample(t)
		if _, err := records.Record(t.Context(), other); err != nil {
			t.Fatal(err)
		}
	}
	receipt, err := records.Record(t.Context(), record)
	if err != nil {
		t.Fatal(err)
	}
	index, entry, err := evidence.Find(t.Context(), log, record.ID)
	if err != nil || index != receipt.Index || entry.Platform != record.Platform {
		t.Errorf("found %d of %s, %v; want %d", index, entry.Platform, err, receipt.Index)
	}
}

func BenchmarkFind(b *testing.B) {
	var log past
	for i := range 200_000 {
		at := noon.Add(time.Duration(i) * time.Millisecond)
		log = append(log, stored(b, timed(at, uint32(i)), at))
	}
	for name, id := range map[string]string{"there": timed(noon.Add(123_456*time.Millisecond), 123_456), "not there": timed(noon.Add(123_456*time.Millisecond), 1)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := evidence.Find(b.Context(), log, id); err != nil && !errors.Is(err, evidence.ErrNoRecord) {
					b.Fatal(err)
				}
			}
		})
	}
}
