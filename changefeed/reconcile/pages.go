package reconcile

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// pages asks the platform for single licences, in order of their keys, and asks only when the page at hand does not reach so far.
type pages struct {
	*comparison
	after string // the page at hand holds everything from behind this one
	page  []exchange.Holding
	ended bool // nothing comes after the page at hand
}

// of gives what the platform has of a licence now.
func (p *pages) of(ctx context.Context, licence string) (held, error) {
	for !p.covers(licence) {
		after := before(licence)
		if len(p.page) > 0 && p.last() > after && p.last() < licence {
			after = p.last()
		}
		page, err := p.holder.Holdings.Held(ctx, p.holder.Purpose, after)
		if err != nil {
			return held{}, err
		}
		if len(page) > 0 && page[len(page)-1].Licence <= after {
			return held{}, exchange.Errorf(exchange.SourceInvalid, "the holdings are not in order")
		}
		p.after, p.page, p.ended = after, page, len(page) == 0
	}
	i, found := slices.BinarySearchFunc(p.page, licence, func(h exchange.Holding, licence string) int { return strings.Compare(h.Licence, licence) })
	if !found {
		return held{}, nil
	}
	return held{p.page[i].Version, markOf(p.page[i].Digest)}, nil
}

func (p *pages) last() string { return p.page[len(p.page)-1].Licence }

// covers reports whether the page at hand says if the platform has the licence.
func (p *pages) covers(licence string) bool {
	return licence > p.after && (p.ended || len(p.page) > 0 && p.last() >= licence)
}

// before gives a text below the key with little in between: for a key of hexadecimal digits the number before it.
func before(licence string) string {
	number, err := hex.DecodeString(licence)
	if err != nil {
		return licence[:len(licence)-1]
	}
	for i := len(number) - 1; i >= 0; i-- {
		number[i]--
		if number[i] != 0xFF {
			return hex.EncodeToString(number)
		}
	}
	return "" // it was zero
}
