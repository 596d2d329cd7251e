package gateway_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// desk decides, answers and records as the test says. Its zero failures let everything through.
type desk struct {
	mu       sync.Mutex
	decision func(exchange.DecisionRequest) (exchange.Decision, error)
	failure  error // of the source
	recorder error // of the recorder
	announce func(changefeed.Announcement) (exchange.Rank, error)
	records  []exchange.Record
	entered  chan struct{} // if set: told each time the source is asked
	release  chan struct{} // if set: the source waits for it
	panics   any
	judged   exchange.StudyQuestion // the last question
}

func newDesk() *desk { return &desk{decision: grantAll, announce: provincial} }

// grantAll lets everything be seen, numbers in part.
func grantAll(request exchange.DecisionRequest) (exchange.Decision, error) {
	grants := map[exchange.Field]exchange.Mask{}
	for _, field := range exchange.Fields(request.Operation) {
		grants[field] = exchange.MaskNone
	}
	grants["idNumber"], grants["name"] = exchange.MaskStrong, exchange.MaskName
	grants["birthDate"], grants["updatedAt"] = exchange.MaskYear, exchange.MaskYear
	return exchange.Decision{
		Revision: strings.Repeat("ab", 32), Allow: true, Grants: grants, AgeBound: 24 * time.Hour, OnStale: exchange.StaleRefuse,
		Freshness: "realtime", Assurance: "face",
	}, nil
}

func (d *desk) broker(now func() time.Time) *exchange.Broker {
	source := &exchange.Source{ID: "tmri-sh", Kind: "tmri", Region: "310000", Licences: d, Violations: d, Pictures: d}
	return &exchange.Broker{
		Decider: d, Routes: exchange.Routes{{Region: exchange.National, Sources: []*exchange.Source{source}}},
		Encoder: gateway.Encoder{}, Recorder: d, Pseudonyms: d, Clock: now, Study: d,
		Digest: func(b []byte) string { sum := smcrypto.SM3(b); return hex.EncodeToString(sum[:]) },
	}
}

func (d *desk) Pseudonym(number exchange.IDNumber) string {
	sum := smcrypto.SM3([]byte(number.Reveal()))
	return hex.EncodeToString(sum[:])
}

func (d *desk) Decide(_ context.Context, request exchange.DecisionRequest) (exchange.Decision, error) {
	return d.decision(request)
}

// Record numbers the records as the real log does.
func (d *desk) Record(_ context.Context, record *exchange.Record) (exchange.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.recorder != nil {
		return exchange.Receipt{}, d.recorder
	}
	d.records = append(d.records, *record)
	return exchange.Receipt{
		Log: "test", Index: uint64(len(d.records) - 1), Digest: strings.Repeat("0", 64), RecordedAt: testNow(),
	}, nil
}

func (d *desk) recorded() []exchange.Record {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]exchange.Record(nil), d.records...)
}

func (d *desk) ask(ctx context.Context) error {
	if d.entered != nil {
		d.entered <- struct{}{}
	}
	if d.release != nil {
		select {
		case <-d.release:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if d.panics != nil {
		panic(d.panics)
	}
	return d.failure
}

func (d *desk) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	if err := d.ask(ctx); err != nil {
		return exchange.Sighting[exchange.Licence]{}, err
	}
	return exchange.Sighting[exchange.Licence]{AsOf: request.Now, Value: licenceOf(request)}, nil
}

func (d *desk) Violations(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[[]exchange.Violation], error) {
	if err := d.ask(ctx); err != nil {
		return exchange.Sighting[[]exchange.Violation]{}, err
	}
	return exchange.Sighting[[]exchange.Violation]{AsOf: request.Now, Value: violationsOf(request)}, nil
}

func (d *desk) Picture(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Picture], error) {
	if err := d.ask(ctx); err != nil {
		return exchange.Sighting[exchange.Picture]{}, err
	}
	return exchange.Sighting[exchange.Picture]{AsOf: request.Now, Value: exchange.Picture{
		Violation: request.Violation, MediaType: "image/jpeg", Data: []byte{0xFF, 0xD8, 0xFF, 0xD9}, Vehicle: request.Vehicles[0],
	}}, nil
}

// licenceOf is a licence that is kept where the question says.
func licenceOf(request exchange.SourceRequest) exchange.Licence {
	points, replaced, subject := 3, 0, request.Subject
	return exchange.Licence{
		Name: subject.Name, IDNumber: subject.IDNumber.Reveal(), Sex: "2", BirthDate: subject.IDNumber.BirthDate(),
		Nationality: "156", FileNumber: "310000000001", CardNumber: "3110012345678", Classes: []exchange.Class{"C1", "D"},
		Status: "BDJ", Points: &points, FirstIssued: exchange.Date{Year: 2016, Month: 5, Day: 9}, Issuer: issuerIn(request.Region),
		ValidFrom: exchange.Date{Year: 2022, Month: 5, Day: 9}, ValidUntil: exchange.Date{Year: 2032, Month: 5, Day: 9},
		Replacements: &replaced, Probation: "2", Address: `上海市"某"路<1>号`, Phone: "13800000000", UpdatedAt: testNow(),
	}
}

// issuerIn names an issuing office in one of the provinces that the tests ask about.
func issuerIn(region exchange.Region) string {
	return map[exchange.Region]string{
		"110000": "京A", "310000": "沪A", "330000": "浙A", "440000": "粤A", "650000": "新A",
	}[region]
}

func violationsOf(request exchange.SourceRequest) []exchange.Violation {
	points, fine := 1, 10000
	list := []exchange.Violation{{
		ID: "3101051234567890", Processed: true, DecisionNumber: "310105-1", OccurredAt: testNow(), Place: "某路", Act: "1345",
		Points: &points, FineFen: &fine, Payment: exchange.PaymentPaid, HasPicture: true,
	}}
	for i, vehicle := range request.Vehicles {
		list = append(list, exchange.Violation{
			ID: fmt.Sprintf("31010599000000%d", i), OccurredAt: testNow(), Act: "1625", PlateType: vehicle.PlateType,
			PlateNumber: vehicle.PlateNumber, HasPicture: true,
		})
	}
	return list
}
