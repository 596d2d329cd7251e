package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Bounds of what is read from the other side.
const (
	maxHead = 64 << 10
	maxBody = 8 << 20
)

// wire reads HTTP/1.1 messages (RFC 9112) that state their length, as both the stock of requests and the gateway's answers do.
// net/http would cost the load as much as the gateway is allowed to cost.
type wire struct {
	in  *bufio.Reader
	raw []byte // of the last message, reused
}

func newWire(in io.Reader) *wire { return &wire{in: bufio.NewReaderSize(in, 16<<10)} }

var errLength = errors.New("the message does not state its length as we need it")

// next reads one message and gives its bytes and the length of its head, the blank line included. The bytes are good until the
// next call. At the end of the connection the error is io.EOF.
func (w *wire) next() (raw []byte, head int, err error) {
	w.raw = w.raw[:0]
	length, err := w.readHead()
	if err != nil {
		return nil, 0, err
	}
	head = len(w.raw)
	w.raw = append(w.raw, make([]byte, length)...)
	if _, err := io.ReadFull(w.in, w.raw[head:]); err != nil {
		return nil, 0, fmt.Errorf("read a body of %d bytes: %w", length, err)
	}
	return w.raw, head, nil
}

func (w *wire) readHead() (length int, err error) {
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return 0, w.cutOff(err)
		}
		if w.raw = append(w.raw, line...); len(w.raw) > maxHead {
			return 0, fmt.Errorf("a head of more than %d bytes", maxHead)
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			return length, nil
		}
		if length, err = lengthIn(line, length); err != nil {
			return 0, err
		}
	}
}

// cutOff tells a connection that ended between two messages from one that ended inside.
func (w *wire) cutOff(err error) error {
	if errors.Is(err, io.EOF) && len(w.raw) > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}

// lengthIn reads the length out of a header line; any other line leaves it as it is.
func lengthIn(line []byte, length int) (int, error) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	switch {
	case bytes.EqualFold(name, []byte("Transfer-Encoding")):
		return 0, errLength
	case !bytes.EqualFold(name, []byte("Content-Length")):
		return length, nil
	}
	length, err := strconv.Atoi(string(bytes.TrimSpace(value)))
	if err != nil || length < 0 || length > maxBody {
		return 0, errLength
	}
	return length, nil
}

// statusOK reports whether an answer's first line says 200.
func statusOK(raw []byte) bool { return bytes.HasPrefix(raw, []byte("HTTP/1.1 200 ")) }

// firstLine gives a message's first line, for an error.
func firstLine(raw []byte) string {
	line, _, _ := bytes.Cut(raw, []byte("\r\n"))
	return string(line)
}
