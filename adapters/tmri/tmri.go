package tmri

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/outbound/soap"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is the name of this dialect in a configuration.
const Kind = "tmri"

// platform asks one port with one serial.
type platform struct {
	config Config
	serial string
	client *outbound.Client
	header http.Header // of every call
	clock  func() time.Time
}

// Open builds a source of this kind; it is an [outbound.Factory]. The source offers what the granted interfaces allow. An error
// names the setting that is wrong.
func Open(id string, region exchange.Region, decode outbound.Decode, deps outbound.Deps) (*exchange.Source, error) {
	var config Config
	if err := decode(&config); err != nil {
		return nil, err
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	serial, err := deps.Secrets(config.Serial)
	if err != nil {
		return nil, fmt.Errorf("jkxlh: %w", err)
	}
	client, err := outbound.New(id, config.HTTP, deps)
	if err != nil {
		return nil, err
	}
	p := &platform{config: config.filled(), serial: serial, client: client, clock: deps.Filled().Clock}
	p.header = p.config.operation().Header()
	return p.source(id, region), nil
}

func (p *platform) source(id string, region exchange.Region) *exchange.Source {
	source := &exchange.Source{ID: id, Kind: Kind, Region: region, Close: p.client.Close}
	granted := p.config.Interfaces
	if granted.Licence.granted() {
		source.Licences = licences{p}
	}
	if granted.Decisions.granted() {
		source.Violations = violations{p}
	}
	if granted.Picture.granted() {
		source.Pictures = pictures{p}
	}
	if p.config.Changes.granted() {
		source.Changes = changed{p}
	}
	return source
}

// question is what one call asks.
type question struct {
	asked   Interface
	purpose exchange.Purpose
	query   []condition
	maxBody int64
}

// ask puts one question and gives the rows of its answer; no row is an empty list. All questions read, so all may be repeated.
func (p *platform) ask(ctx context.Context, q question) ([]columns, error) {
	if err := complete(q.query); err != nil {
		return nil, err
	}
	call := call{config: &p.config, serial: p.serial, asked: q.asked, purpose: q.purpose, query: q.query}
	response, err := p.client.Do(ctx, outbound.Request{
		URL: p.config.URL, Header: p.header, Body: call.envelope(), Idempotent: true, MaxBody: q.maxBody,
		MediaTypes: []string{soap.MediaType},
	})
	if err != nil {
		return nil, err
	}
	read, err := readAnswer(response.Body, p.config.MaxRows)
	if err != nil {
		return nil, err
	}
	if read.code != codeSuccess {
		return nil, p.config.Failures.Error(read.code)
	}
	return read.rows, nil
}

// complete refuses a query with an empty condition: the platform might take it for no condition at all, and answer with the
// records of others.
func complete(query []condition) error {
	for _, condition := range query {
		if condition.value == "" {
			return exchange.Errorf(exchange.InvalidRequest, "the query has no %s", condition.column)
		}
	}
	return nil
}

// one gives the only row: none is NoRecord, and of several none is chosen.
func one(rows []columns) (columns, error) {
	switch len(rows) {
	case 0:
		return nil, exchange.Errorf(exchange.NoRecord, "the platform has no such record")
	case 1:
		return rows[0], nil
	}
	return nil, exchange.Errorf(exchange.SourceInvalid, "%d records where there can be one", len(rows))
}
