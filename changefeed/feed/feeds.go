package feed

import (
	"context"
	"fmt"
	"regexp"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Ledger keeps the batches; [journal.Ledger] is one.
type Ledger interface {
	// Put stores data under a key whose last revision is follows, 0 for a new key, and returns when it is durable.
	Put(ctx context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error)
	// Last gives the entry of a key, or [journal.ErrNotFound].
	Last(ctx context.Context, key string) (journal.Entry, error)
}

// Content says how much the changes of a platform's feed tell.
type Content string

// The contents. The zero value is [Thin].
const (
	Thin Content = "thin" // which licence changed and how
	Full Content = "full" // also what stands now, as far as policy lets the platform see it
)

// Platform is one platform with a feed.
type Platform struct {
	ID      string // as policies know it: 1 to 32 of a-z, 0-9 and inner hyphens
	Content Content
}

// Feeds are the feeds of all platforms that have one. They are safe for concurrent use, also by several gateways on one ledger.
type Feeds struct {
	lines map[string]*line // by platform
}

var platformPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)

// New gives the feeds of these platforms, kept in ledger and sealed by sealer under the key of each batch. A platform that is left
// out keeps what it has and has it again when it comes back.
func New(ledger Ledger, sealer changefeed.Sealer, platforms ...Platform) (*Feeds, error) {
	f := &Feeds{lines: map[string]*line{}}
	for _, p := range platforms {
		if !platformPattern.MatchString(p.ID) || f.lines[p.ID] != nil {
			return nil, fmt.Errorf("feed of %q: it needs a platform id of its own, of 1 to 32 of a-z, 0-9 and inner hyphens", p.ID)
		}
		if p.Content != "" && p.Content != Thin && p.Content != Full {
			return nil, fmt.Errorf("feed of %s: content %q is neither thin nor full", p.ID, p.Content)
		}
		f.lines[p.ID] = newLine(p, store{ledger, sealer})
	}
	return f, nil
}

// Has reports whether the platform has a feed.
func (f *Feeds) Has(platform string) bool { return f.lines[platform] != nil }

// Writer gives what the changes of a platform are told to; nil if the platform has no feed.
func (f *Feeds) Writer(platform string) *Writer {
	l := f.lines[platform]
	if l == nil {
		return nil
	}
	return &l.writer
}
