package bench

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestMessagesAreReadOneByOne(t *testing.T) {
	t.Parallel()
	first := "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX: y\r\n\r\nhello"
	second := "POST / HTTP/1.1\r\nHost: a\r\n\r\n"
	w := newWire(iotest.OneByteReader(strings.NewReader(first + second)))
	raw, head, err := w.next()
	if err != nil || string(raw) != first || string(raw[head:]) != "hello" || !statusOK(raw) || firstLine(raw) != "HTTP/1.1 200 OK" {
		t.Fatalf("%q, %d, %v", raw, head, err)
	}
	if raw, head, err = w.next(); err != nil || string(raw) != second || head != len(second) || statusOK(raw) {
		t.Fatalf("%q, %d, %v", raw, head, err)
	}
	if _, _, err = w.next(); !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("after the last message: %v", err)
	}
}

func TestMessagesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want error // nil: any
	}{
		"chunked":             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", errLength},
		"no number":           {"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello", errLength},
		"negative":            {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", errLength},
		"too long":            {"HTTP/1.1 200 OK\r\nContent-Length: 8388609\r\n\r\nhello", errLength},
		"cut in the head":     {"HTTP/1.1 200 OK\r\nContent-Len", io.ErrUnexpectedEOF},
		"cut after a line":    {"HTTP/1.1 200 OK\r\n", io.ErrUnexpectedEOF},
		"cut in the body":     {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", io.ErrUnexpectedEOF},
		"endless line":        {"HTTP/1.1 200 " + strings.Repeat("O", maxHead+1), nil},
		"endless head":        {"HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", maxHead/6), nil},
		"nothing of the body": {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := newWire(strings.NewReader(c.text)).next()
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// Whatever comes in, what is read is the input without a gap, and no more of it than there is.
func FuzzMessages(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
	f.Add([]byte("POST /a HTTP/1.1\nContent-Length:3\n\nabc"))
	f.Add([]byte("\r\n\r\n\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
	f.Fuzz(func(t *testing.T, input []byte) {
		rest := input
		for w := newWire(bytes.NewReader(input)); ; {
			raw, head, err := w.next()
			if err != nil {
				return
			}
			if len(raw) == 0 || head > len(raw) || !bytes.HasPrefix(rest, raw) {
				t.Fatalf("read %q with a head of %d out of %q", raw, head, rest)
			}
			rest = rest[len(raw):]
		}
	})
}

func BenchmarkMessage(b *testing.B) {
	message := []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1024\r\nSignature: " +
		strings.Repeat("A", 100) + "\r\n\r\n" + strings.Repeat("x", 1024))
	in := bytes.NewReader(nil)
	w := newWire(in)
	b.ReportAllocs()
	for b.Loop() {
		in.Reset(message)
		w.in.Reset(in)
		if _, _, err := w.next(); err != nil {
			b.Fatal(err)
		}
	}
}
