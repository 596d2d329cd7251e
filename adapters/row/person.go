package row

import (
	"errors"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

var errOther = errors.New("the record is another person's than the one asked for")

// CheckPerson compares a row's ID number with the one asked for, and comes before anything else is read: a row with another
// number, or none, is SourceInvalid. Name and file number are not compared here: exchange.Broker does that for every source
// alike.
func CheckPerson(cells Cells, subject exchange.Subject) error {
	r := reader{cells: cells}
	if subject.IDNumber.IsZero() || !strings.EqualFold(r.text("sfzmhm"), subject.IDNumber.Reveal()) {
		return exchange.Errorf(exchange.SourceInvalid, "%w", errOther)
	}
	return nil
}
