package frontdb

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// line is a notice as a row of the written table. A nil value is NULL: withheld, masked or not known.
type line struct {
	licence string
	version uint64
	values  [columnCount]any // texts, int64, and time.Time whose wall clock counts
	flaw    error            // why the row cannot be written; the first reason found
}

var (
	errMissing  = errors.New("missing")
	errLong     = errors.New("too long")
	errNotPlain = errors.New("not plain text")
	errRange    = errors.New("out of range")
	errForm     = errors.New("of an unknown form")
)

// newLine makes the row that tells of the notice. Only what the notice's fields disclose whole is written: part of a value fits
// no column.
func newLine(n *exchange.Notice, identify Identify) *line {
	l := &line{licence: n.Licence, version: n.Version}
	l.text(licenceKey, n.Licence)
	l.count(version, n.Version)
	l.require(licenceKey)
	if identify == IdentifyNumber {
		l.text(sfzmhm, n.Subject.IDNumber.Reveal())
		l.require(sfzmhm)
	}
	l.text(xzqh, string(n.Region))
	for _, field := range n.Fields {
		if !field.Masked {
			l.disclose(field)
		}
	}
	l.text(events, eventList(n.Events))
	l.moment(gxsj, n.Happened)
	l.text(dataSource, n.Origin)
	l.text(cdVia, strings.Join(n.Via, " "))
	return l
}

// eventList gives the events as status.added:B,replaced.
func eventList(all []exchange.Event) string {
	texts := make([]string, len(all))
	for i, event := range all {
		texts[i] = string(event.Kind)
		if event.Letter != "" {
			texts[i] += ":" + event.Letter
		}
	}
	return strings.Join(texts, ",")
}

// spoil keeps the first reason. It names the column and shows no value.
func (l *line) spoil(c column, cause error) {
	if l.flaw == nil {
		l.flaw = fmt.Errorf("column %s: %w", columnNames[c], cause)
	}
}

func (l *line) require(c column) {
	if l.values[c] == nil {
		l.spoil(c, errMissing)
	}
}

// text puts a text; an empty one says nothing. A control character, NUL among them, is kept out although most columns would
// take it: it has no business in a column of these, and receivers' programs break on it.
func (l *line) text(c column, value string) {
	if value == "" {
		return
	}
	l.values[c] = value
	switch {
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		l.spoil(c, errNotPlain)
	case utf8.RuneCountInString(value) > widths[c]:
		l.spoil(c, errLong)
	}
}

// count puts a version, of which 0 is none.
func (l *line) count(c column, value uint64) {
	if value == 0 || value > math.MaxInt64 {
		l.spoil(c, errRange)
		return
	}
	l.values[c] = int64(value)
}

func (l *line) number(c column, value int) {
	l.values[c] = int64(value)
	if value < 0 || value > math.MaxInt32 {
		l.spoil(c, errRange)
	}
}

func (l *line) day(c column, value exchange.Date) {
	if value.IsZero() {
		return
	}
	l.values[c] = time.Date(value.Year, value.Month, value.Day, 0, 0, 0, 0, time.UTC)
	if value.Year < 1 || value.Year > 9999 {
		l.spoil(c, errRange)
	}
}

// moment puts a time as the wall clock in China shows it.
func (l *line) moment(c column, value time.Time) {
	if value.IsZero() {
		return
	}
	local := value.In(exchange.Shanghai())
	l.values[c] = local
	if local.Year() < 1 || local.Year() > 9999 {
		l.spoil(c, errRange)
	}
}
