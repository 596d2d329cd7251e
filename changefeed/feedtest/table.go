package feedtest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// anybody may announce anything with the authority's rank.
type anybody struct{}

func (anybody) Rank(context.Context, changefeed.Announcement) (exchange.Rank, error) {
	return exchange.RankAuthority, nil
}

// Grants is a policy by table: platform to fields shown whole.
type Grants map[string][]exchange.Field

// Decide lets the platform see what the table has.
func (g Grants) Decide(_ context.Context, r exchange.DecisionRequest) (exchange.Decision, error) {
	d := exchange.Decision{Allow: true, Grants: map[exchange.Field]exchange.Mask{}}
	for _, wanted := range r.Wanted {
		if slices.Contains(g[r.Platform], wanted) {
			d.Grants[wanted] = exchange.MaskNone
		}
	}
	return d, nil
}

// Records keeps records in memory. It is safe for concurrent use.
type Records struct {
	mu   sync.Mutex
	all  []exchange.Record
	fail error
}

// Record keeps one.
func (r *Records) Record(_ context.Context, record *exchange.Record) (exchange.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return exchange.Receipt{}, r.fail
	}
	r.all = append(r.all, *record)
	return exchange.Receipt{Log: "test", Index: uint64(len(r.all) - 1)}, nil
}

// Fail makes every later record fail with err, nil for none.
func (r *Records) Fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = err
}

// Of gives the records of an operation.
func (r *Records) Of(operation exchange.Operation) []exchange.Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.all), func(record exchange.Record) bool { return record.Operation != operation })
}

// sealer binds content to its licence and hides nothing; ciphers are tested elsewhere.
type sealer struct{}

func (sealer) Seal(content, aad []byte) ([]byte, error) { return slices.Concat(aad, content), nil }

func (sealer) Open(sealed, aad []byte) ([]byte, error) {
	content, bound := bytes.CutPrefix(sealed, aad)
	if !bound {
		return nil, errors.New("another licence's")
	}
	return content, nil
}
