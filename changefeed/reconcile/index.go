package reconcile

import (
	"crypto/sha256"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// line is one holding in the index.
type line struct {
	key     key
	version uint64
	digest  mark
	known   bool // here, too
}

// mark stands for a digest. Half of a hash is enough: what it guards against is chance, and who lies about a digest can lie at once.
type mark [16]byte

func markOf(digest string) mark {
	sum := sha256.Sum256([]byte(digest))
	return mark(sum[:len(mark{})])
}

// index is what a platform holds, in the pages in which it came, so that growing copies nothing.
type index struct {
	pages [][]line
	count int
}

// add takes a page, which must go on behind those before it, in order.
func (x *index) add(page []exchange.Holding, last string) error {
	lines := make([]line, len(page))
	for i, held := range page {
		if held.Licence <= last {
			return exchange.Errorf(exchange.SourceInvalid, "the holdings are not in order")
		}
		last = held.Licence
		lines[i] = line{key: pack(held.Licence), version: held.Version, digest: markOf(held.Digest)}
	}
	x.pages, x.count = append(x.pages, lines), x.count+len(lines)
	return nil
}

// find gives the holding of a licence, nil if there is none.
func (x *index) find(k key) *line {
	at, exact := slices.BinarySearchFunc(x.pages, k, func(page []line, k key) int { return page[0].key.compare(k) })
	if !exact {
		at-- // the page that begins before it
	}
	if at < 0 {
		return nil
	}
	page := x.pages[at]
	i, found := slices.BinarySearchFunc(page, k, func(l line, k key) int { return l.key.compare(k) })
	if !found {
		return nil
	}
	return &page[i]
}

// strangers gives the licences held that nobody knew here.
func (x *index) strangers(visit func(key)) {
	for _, page := range x.pages {
		for i := range page {
			if !page[i].known {
				visit(page[i].key)
			}
		}
	}
}
