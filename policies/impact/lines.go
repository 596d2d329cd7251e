package impact

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Encode appends an input as one line of JSON with its line feed: the form of an export.
func Encode(to []byte, in *Input) ([]byte, error) {
	line, err := json.Marshal(in)
	if err != nil {
		return to, fmt.Errorf("encode the input of decision %s: %w", in.ID, err)
	}
	return append(append(to, line...), '\n'), nil
}

// maxLine bounds one line of an export; a real one has about half a kilobyte.
const maxLine = 64 << 10

// Read reads the lines of an export. It refuses what is none: unknown members, which a newer gateway may keep and an older one would
// leave out of its decisions, a line too long, an operation that isn't decided on.
func Read(from io.Reader, visit func(*Input) error) error {
	lines := bufio.NewScanner(from)
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	number := 0
	for lines.Scan() {
		if number++; len(lines.Bytes()) == 0 {
			continue
		}
		in, err := decodeLine(lines.Bytes())
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if err := visit(in); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w", number+1, err)
	}
	return nil
}

func decodeLine(line []byte) (*Input, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	var in Input
	if err := decoder.Decode(&in); err != nil {
		return nil, fmt.Errorf("not an exported input: %w", err)
	}
	if decoder.More() {
		return nil, errors.New("more than one input in a line")
	}
	if in.ID == "" || in.At.IsZero() || in.Operation == "" || in.Platform == "" {
		return nil, errors.New("not an exported input: id, at, operation and platform are needed")
	}
	if len(exchange.Fields(in.Operation)) == 0 && !in.Announcement() {
		return nil, fmt.Errorf("no decisions are made on operation %q", in.Operation)
	}
	return &in, nil
}
