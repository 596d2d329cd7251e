package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// sampleEvery is one in how many answers is kept, to verify its signature afterwards.
const sampleEvery = 100

// sample is one answer with the number of its request.
type sample struct {
	request int
	answer  []byte
}

// session is one kept connection of the load. It belongs to one goroutine.
type session struct {
	stock      *stock
	connection net.Conn
	answers    *wire
	request    []byte // reused
	took       []time.Duration
	samples    []sample
}

// dial opens a session. The deadline keeps a gateway that hangs from hanging the benchmark.
func dial(ctx context.Context, address string, from *stock, deadline time.Time) (*session, error) {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if err := connection.SetDeadline(deadline); err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	return &session{stock: from, connection: connection, answers: newWire(connection)}, nil
}

// exchange sends request i and counts the time from since until its answer was read. Anything but 200 is an error: what fails
// fast must not pass for fast.
func (s *session) exchange(i int, since time.Time) error {
	s.request = s.stock.request(s.request[:0], i)
	if _, err := s.connection.Write(s.request); err != nil {
		return fmt.Errorf("send request %d: %w", i, err)
	}
	raw, head, err := s.answers.next()
	if err != nil {
		return fmt.Errorf("read the answer to request %d: %w", i, err)
	}
	s.took = append(s.took, time.Since(since))
	if !statusOK(raw) {
		return fmt.Errorf("request %d was answered %q: %.500s", i, firstLine(raw), raw[head:])
	}
	if i%sampleEvery == 0 {
		s.samples = append(s.samples, sample{i, append([]byte{}, raw...)})
	}
	return nil
}
