package app

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// One page costs no more than this: records that are looked at, and inputs that are given.
const (
	pageRecords = 5000
	pageInputs  = 1000
)

// place is where the next page begins, as a token carries it: the next index of each log.
type place map[string]uint64

func (p place) token() (string, error) {
	text, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(text), err
}

func placeOf(token string) (place, error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	var p place
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil || p == nil {
		return nil, &exchange.Error{Code: exchange.InvalidRequest, Err: errors.New("not a token of an earlier page")}
	}
	return p, nil
}

// Page gives the inputs of a page, for whoever reads them from a running gateway.
func (t *Trail) Page(ctx context.Context, asked gateway.InputsAsked) (gateway.InputsPage, error) {
	stretches, err := t.resume(ctx, asked)
	if err != nil {
		return gateway.InputsPage{}, err
	}
	p := pager{selection: Selection{asked.Since, asked.Until, asked.Platform}, page: gateway.InputsPage{Inputs: []string{}}, next: place{}}
	for _, one := range stretches {
		if err := p.read(ctx, one); err != nil {
			return gateway.InputsPage{}, err
		}
	}
	if p.page.Left > 0 {
		p.page.Next, err = p.next.token()
	}
	return p.page, err
}

// resume gives what is still to be read.
func (t *Trail) resume(ctx context.Context, asked gateway.InputsAsked) ([]*Stretch, error) {
	if asked.After == "" {
		return t.Since(ctx, asked.Since)
	}
	at, err := placeOf(asked.After)
	if err != nil {
		return nil, err
	}
	stretches, err := t.Since(ctx, asked.Since)
	for _, one := range stretches {
		one.Next = max(one.Next, at[one.Log])
	}
	return stretches, err
}

// pager fills a page.
type pager struct {
	selection Selection
	page      gateway.InputsPage
	next      place
	records   int
}

// errFull ends a page.
var errFull = errors.New("the page is full")

// late is how much later than the wanted period a record is when none of the period can come behind it.
const late = time.Minute

// read reads on in one log, unless the page is full.
func (p *pager) read(ctx context.Context, s *Stretch) error {
	err := s.Each(ctx, func(entry *evidence.Entry) error {
		if p.records >= pageRecords || len(p.page.Inputs) >= pageInputs {
			return errFull
		}
		p.records++
		if entry.Time.After(p.selection.Until.Add(late)) {
			s.Head = s.Next // the rest came later
			return errFull
		}
		return p.selection.visit(entry, p.add)
	})
	if err != nil && !errors.Is(err, errFull) {
		return err
	}
	p.page.Left += s.Left()
	p.next[s.Log] = s.Next
	return nil
}

func (p *pager) add(in *impact.Input) error {
	line, err := impact.Encode(nil, in)
	p.page.Inputs = append(p.page.Inputs, strings.TrimSuffix(string(line), "\n"))
	return err
}
