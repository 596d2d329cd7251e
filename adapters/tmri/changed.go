package tmri

import (
	"context"
	"errors"
	"strconv"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// changed lists licences by their time of update. The platform pushes nothing (T2), and how it lists is not public (T8).
type changed struct{ *platform }

var _ exchange.ChangeLister = changed{}

// Changed reads one page of DRIVINGLICENSE in the order of gxsj and, within a second, sfzmhm.
func (s changed) Changed(ctx context.Context, q exchange.ChangesQuestion) (exchange.ChangedPage, error) {
	limit := min(q.Limit, s.config.Changes.Most)
	rows, err := s.ask(ctx, question{asked: s.config.Changes.asked(), purpose: q.Purpose, query: s.conditions(q.After, limit)})
	if err != nil {
		return exchange.ChangedPage{}, err
	}
	page := exchange.ChangedPage{Rows: make([]exchange.ChangedRow, len(rows)), Full: len(rows) >= limit}
	for i, found := range rows {
		page.Rows[i] = s.row(found, q)
	}
	page.Stuck = page.Full && s.config.Changes.After == "" && sameMoment(page.Rows, q.After)
	return page, nil
}

func (s changed) conditions(after exchange.ChangePlace, limit int) []condition {
	names := s.config.Changes
	query := []condition{{names.From, after.Moment.In(exchange.Shanghai()).Format(momentLayout)}}
	if names.After != "" && after.Key != "" {
		query = append(query, condition{names.After, after.Key})
	}
	if names.Rows != "" {
		query = append(query, condition{names.Rows, strconv.Itoa(limit)})
	}
	return query
}

// row reads one row. One that can't be read is a part of the page all the same: its place, if it has one, is passed.
func (s changed) row(found columns, q exchange.ChangesQuestion) exchange.ChangedRow {
	r := reader{columns: found}
	read := exchange.ChangedRow{Place: exchange.ChangePlace{Moment: r.moment("gxsj"), Key: found.text("sfzmhm")}}
	keeper := exchange.IssuerRegion(found.text("fzjg"))
	reports, broken := row.Reports([]row.Arrival{{Number: 1, Columns: found.byName()}}, "", keeper, q.Now)
	if len(broken) > 0 {
		read.Broken = exchange.Errorf(exchange.SourceInvalid, "%w", errors.New(broken[0].Reason))
		return read
	}
	read.Subject, read.Region, read.Facts = reports[0].Subject, reports[0].Region, reports[0].Facts
	return read
}

// byName gives the row as [row.Arrival] wants it.
func (c columns) byName() map[string]string {
	named := make(map[string]string, len(c))
	for _, one := range c {
		named[one.name] = one.text
	}
	return named
}

// sameMoment reports whether no row is of a later second than the place, which the platform's question names.
func sameMoment(rows []exchange.ChangedRow, after exchange.ChangePlace) bool {
	for _, read := range rows {
		if read.Place.Moment.Unix() > after.Moment.Unix() {
			return false
		}
	}
	return true
}
