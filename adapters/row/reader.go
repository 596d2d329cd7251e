package row

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	// momentLayout is the tables' format of a time, in China's zone. A fraction of a second may follow: databases print ".0".
	momentLayout = "2006-01-02 15:04:05"
	// longTerm is the word for a licence that doesn't expire (公安部令162号 art. 62).
	longTerm = "长期"
)

// endOfTime is the day that tables hold where there is no last day.
var endOfTime = exchange.Date{Year: 9999, Month: time.December, Day: 31}

var (
	errMissing = errors.New("missing")
	errMoment  = errors.New("not a time of the form yyyy-MM-dd HH:mm:ss")
	errCount   = errors.New("not a count")
)

// reader reads columns and keeps the first error, so that the mapping reads as a table.
type reader struct {
	cells Cells
	err   error
}

func (r *reader) fail(column string, cause error) {
	if r.err == nil {
		r.err = exchange.Errorf(exchange.SourceInvalid, "column %s: %w", column, cause)
	}
}

// text gives a column without the padding of fixed-width columns.
func (r *reader) text(column string) string { return strings.TrimSpace(r.cells.Column(column)) }

func (r *reader) required(column string) string {
	value := r.text(column)
	if value == "" {
		r.fail(column, errMissing)
	}
	return value
}

func (r *reader) date(column string) exchange.Date {
	date, err := exchange.ParseDate(r.text(column))
	if err != nil {
		r.fail(column, err)
	}
	return date
}

func (r *reader) moment(column string) time.Time {
	value := r.text(column)
	if value == "" {
		return time.Time{}
	}
	moment, err := time.ParseInLocation(momentLayout, value, exchange.Shanghai())
	if err != nil {
		r.fail(column, errMoment) // the parser's own error would repeat the value
	}
	return moment
}

// count reads a number that can't be negative. An absent one is nil, for zero points are something to say.
func (r *reader) count(column string) *int {
	value := r.text(column)
	if value == "" {
		return nil
	}
	number, err := strconv.ParseUint(value, 10, 16)
	if err != nil {
		r.fail(column, errCount)
		return nil
	}
	count := int(number)
	return &count
}

// classes leaves out what it can't split: half a list of classes would be wrong, and no list is withheld as such.
func (r *reader) classes(column string) []exchange.Class {
	classes, err := exchange.ParseClasses(strings.ToUpper(r.text(column)))
	if err != nil {
		return nil
	}
	return classes
}

// validity reads the last day of validity, or that there is none: the day 9999-12-31, the word itself, or nothing at all
// beside a term (jzqx) that is the word.
func (r *reader) validity() (until exchange.Date, forever bool) {
	switch r.text("yxqz") {
	case longTerm:
		return exchange.Date{}, true
	case "":
		return exchange.Date{}, r.text("jzqx") == longTerm
	}
	if until = r.date("yxqz"); until == endOfTime {
		return exchange.Date{}, true
	}
	return until, false
}
