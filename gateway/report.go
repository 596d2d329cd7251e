package gateway

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// readReport fills a report from a request that fits the schema. Subject and region go into the reader's query, as in the queries.
// key is the header field that must say the same as reportId, since the signature covers only the body.
func readReport(body []byte, key string, r *queryReader, report *exchange.Report) error {
	var given api.ChangeReport
	if err := json.Unmarshal(body, &given); err != nil {
		return err
	}
	if given.ReportId != key {
		r.note("/reportId", faultIdempotency)
	}
	report.ID = r.free("/reportId", given.ReportId)
	r.subject(given.Subject)
	r.region(given.Region)
	report.Happened = r.instant("/happenedAt", given.HappenedAt)
	if given.Sequence != nil {
		report.Sequence = uint64(*given.Sequence)
	}
	r.passed(&given, report)
	r.facts(&given.Facts, &report.Facts)
	return nil
}

// passed reads on which way the report came. It is the reporter's word, and whoever is named in it is not told of the change: so
// only a gateway may say it.
func (r *queryReader) passed(given *api.ChangeReport, report *exchange.Report) {
	if given.Origin != nil && !r.relays {
		r.note("/origin", faultNotRelaying)
	}
	if given.Via != nil && !r.relays {
		r.note("/via", faultNotRelaying)
	}
	if given.Origin != nil {
		report.Origin = r.free("/origin", *given.Origin)
	}
	if given.Via == nil {
		return
	}
	for i, gateway := range *given.Via {
		report.Via = append(report.Via, r.free("/via/"+strconv.Itoa(i), gateway))
	}
}

func (r *queryReader) facts(given *api.Facts, facts *exchange.Facts) {
	if given.Status != nil {
		facts.Status = exchange.StatusSet(strings.Join(*given.Status, ""))
	}
	if given.Classes != nil {
		for _, class := range *given.Classes {
			facts.Classes = append(facts.Classes, exchange.Class(class))
		}
	}
	facts.LongTerm, facts.Replacements, facts.Points = given.LongTerm, given.Replacements, given.Points
	if given.CardNumber != nil {
		facts.CardNumber = r.free("/facts/cardNumber", *given.CardNumber)
	}
	facts.ValidUntil = r.day("/facts/validUntil", given.ValidUntil)
	facts.CycleEnd = r.day("/facts/cycleEnd", given.CycleEnd)
	facts.IssuedOn = r.issued(given.IssuedOn, facts)
}

// day reads a day that exists; none if none was given.
func (r *queryReader) day(place string, given *string) exchange.Date {
	if given == nil {
		return exchange.Date{}
	}
	day, err := exchange.ParseDate(*given)
	if err != nil {
		r.note(place, faultDate)
	}
	return day
}

// issued reads when the card was issued: not tomorrow, and said together with which card it is, since it stands or falls with that.
func (r *queryReader) issued(given *string, facts *exchange.Facts) exchange.Date {
	issued := r.day("/facts/issuedOn", given)
	if exchange.Today(r.query.Received.Add(clockTolerance)).Before(issued) {
		r.note("/facts/issuedOn", faultFuture)
	}
	if given != nil && !slices.Contains(facts.Said(), exchange.AspectReplacement) {
		r.note("/facts/replacements", faultMissing)
	}
	return issued
}
