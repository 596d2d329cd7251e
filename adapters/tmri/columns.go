package tmri

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	// momentLayout also reads the fraction that databases print, as in "2024-03-01 08:30:00.0".
	momentLayout = "2006-01-02 15:04:05"
	fenPerYuan   = 100
)

var (
	errMissing = errors.New("missing")
	errDate    = errors.New("not a date")
	errMoment  = errors.New("not a time of the form yyyy-MM-dd HH:mm:ss")
	errCount   = errors.New("not a count")
	errMoney   = errors.New("not an amount in yuan")
)

// reader reads columns and keeps the first error, so that a mapping reads as a table. No error repeats a value.
type reader struct {
	columns columns
	err     error
}

func (r *reader) fail(column string, cause error) {
	if r.err == nil {
		r.err = exchange.Errorf(exchange.SourceInvalid, "column %s: %w", column, cause)
	}
}

func (r *reader) required(column string) string {
	value := r.columns.text(column)
	if value == "" {
		r.fail(column, errMissing)
	}
	return value
}

func (r *reader) date(column string) exchange.Date {
	date, err := exchange.ParseDate(r.columns.text(column))
	if err != nil {
		r.fail(column, errDate)
	}
	return date
}

// moment reads a time in China's zone; the zero time for an empty column.
func (r *reader) moment(column string) time.Time {
	value := r.columns.text(column)
	if value == "" {
		return time.Time{}
	}
	moment, err := time.ParseInLocation(momentLayout, value, exchange.Shanghai())
	if err != nil {
		r.fail(column, errMoment) // the parser's own error would repeat the value
	}
	return moment
}

// count reads a number that cannot be negative; nil for an empty column, since zero is something to say.
func (r *reader) count(column string) *int {
	value := r.columns.text(column)
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

// fen reads an amount in yuan; nil for an empty column.
func (r *reader) fen(column string) *int {
	value := r.columns.text(column)
	if value == "" {
		return nil
	}
	amount, err := fenOf(value)
	if err != nil {
		r.fail(column, err)
		return nil
	}
	return &amount
}

// fenOf turns yuan, such as "200", "200.5" or "200.00", into fen by its digits: a float would lose one now and then. Parts of
// a fen are an error unless they are zero, as databases with four decimals print them.
func fenOf(yuan string) (int, error) {
	whole, fraction, _ := strings.Cut(yuan, ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > 2 {
		return 0, errMoney
	}
	fraction += strings.Repeat("0", 2-len(fraction))
	high, errHigh := strconv.ParseUint(whole, 10, 31)
	low, errLow := strconv.ParseUint(fraction, 10, 31)
	if errHigh != nil || errLow != nil {
		return 0, errMoney
	}
	return int(high)*fenPerYuan + int(low), nil
}
