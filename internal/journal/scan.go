package journal

import (
	"context"
	"fmt"
)

// Scan calls visit for each record from index on, in order, up to the head at the time of the call. It stops at the first
// error of visit and returns it wrapped. A gap or damage is ErrCorrupt. The Data handed to visit stays valid, but shares
// memory with its neighbours: whoever keeps a single record copies it.
func (l *Log) Scan(ctx context.Context, from uint64, visit func(Position, Record) error) error {
	s := scan{log: l, head: l.Head(), next: from, visit: visit}
	if err := s.run(ctx); err != nil {
		return fmt.Errorf("scan log %s at index %d: %w", l.cfg.Name, s.next, err)
	}
	return nil
}

// scan is one reading of a log in order.
type scan struct {
	log   *Log
	head  uint64 // where it ends
	visit func(Position, Record) error

	next     uint64 // index that is visited next
	sequence uint64 // of the message read last
}

func (s *scan) run(ctx context.Context) error {
	if s.next >= s.head {
		return nil
	}
	m, sequence, err := s.log.reader.find(ctx, s.next)
	if err != nil {
		return err
	}
	s.sequence = sequence
	if err := s.records(m); err != nil {
		return err
	}
	for s.next < s.head {
		if err := s.batch(ctx); err != nil {
			return err
		}
	}
	return nil
}

// batch reads and visits the next few messages.
func (s *scan) batch(ctx context.Context) error {
	payloads, err := s.log.reader.source.messages(ctx, s.sequence+1)
	if err != nil {
		return err
	}
	for _, payload := range payloads {
		if s.next >= s.head {
			break // stored after the scan began
		}
		s.sequence++
		if err := s.message(payload); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) message(payload []byte) error {
	m, err := decodeAt(payload, s.sequence)
	if err != nil {
		return err
	}
	if m.first != s.next {
		return fmt.Errorf("%w: message %d begins at index %d, expected %d", ErrCorrupt, s.sequence, m.first, s.next)
	}
	return s.records(m)
}

// records visits what m holds from the next index on.
func (s *scan) records(m message) error {
	for ; s.next < m.next(); s.next++ {
		p := Position{Log: s.log.cfg.Name, Index: s.next, Sequence: s.sequence}
		if err := s.visit(p, m.records[s.next-m.first]); err != nil {
			return err
		}
	}
	return nil
}
