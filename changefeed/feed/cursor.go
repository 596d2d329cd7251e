package feed

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// ErrCursor says that a cursor is none of this platform's feed as it is: misspelt, of another platform, ahead of the feed, or of a
// feed that was lost. The reader begins at the beginning; what it has it recognises by licence and version.
var ErrCursor = errors.New("not a cursor of this feed")

// maxNumber is the highest number that each JSON reader holds exactly (RFC 8259 §6).
const maxNumber = 1<<53 - 1

// cursor is a place in a feed: behind the change of this number, which lies in this batch. The zero place is the beginning.
type cursor struct {
	number, batch uint64
	tag           string // of the batch's sealed bytes; at the beginning, of the platform
}

var cursorPattern = regexp.MustCompile(`^(0|[1-9][0-9]{0,15})\.(0|[1-9][0-9]{0,15})\.([0-9a-f]{8})$`)

// parseCursor reads "<number>.<batch>.<tag>". Errors: [ErrCursor].
func parseCursor(text string) (cursor, error) {
	parts := cursorPattern.FindStringSubmatch(text)
	if parts == nil {
		return cursor{}, fmt.Errorf("%w: %d bytes", ErrCursor, len(text))
	}
	number, numberErr := strconv.ParseUint(parts[1], 10, 64)
	batch, batchErr := strconv.ParseUint(parts[2], 10, 64)
	switch {
	case errors.Join(numberErr, batchErr) != nil || number > maxNumber:
		return cursor{}, fmt.Errorf("%w: out of range", ErrCursor)
	case batch > number || number > batch*maxChanges:
		return cursor{}, fmt.Errorf("%w: no batch %d holds number %d", ErrCursor, batch, number)
	}
	return cursor{number, batch, parts[3]}, nil
}

// String writes what parseCursor reads.
func (c cursor) String() string { return fmt.Sprintf("%d.%d.%s", c.number, c.batch, c.tag) }
