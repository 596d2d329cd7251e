package row

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Arrival is one row of changes that a platform pushes, keyed by lower-case column names.
type Arrival struct {
	Number  uint64 // the platform's own, growing over all that it pushes; the same again is the same row
	Columns map[string]string
}

// Broken says what is wrong with an arrival, by column and never by value.
type Broken struct {
	Number uint64
	Reason string
}

var (
	errNumber    = errors.New("the row has no number, or that of another row")
	errLarge     = errors.New("the row's number is above 9007199254740991")
	errSilent    = errors.New("the row says nothing of a licence")
	errClasses   = errors.New("not a list of classes")
	errOperation = errors.New("not i or u")
	errRegion    = errors.New("not a department of a province")
)

// Reports turns arrivals into reports of the reporter; region is that of rows that name no department. Good rows go on, broken ones are
// listed. What only the gateway knows is left to it: the licence's key, the rank, the caller.
func Reports(arrivals []Arrival, reporter string, region exchange.Region, now time.Time) ([]exchange.Report, []Broken) {
	var reports []exchange.Report
	var broken []Broken
	seen := map[uint64]bool{0: true}
	for _, arrival := range arrivals {
		report, err := arrival.report(region, now)
		switch {
		case seen[arrival.Number]:
			err = errNumber
		case arrival.Number > largestNumber:
			err = errLarge
		}
		if err != nil {
			broken = append(broken, Broken{arrival.Number, reason(err)})
			continue
		}
		seen[arrival.Number] = true
		report.ID, report.Reporter = strconv.FormatUint(arrival.Number, 10), reporter
		reports = append(reports, report)
	}
	return reports, broken
}

// reason gives the cause without the code, which is this side's word.
func reason(err error) string {
	if failure, ok := errors.AsType[*exchange.Error](err); ok && failure.Err != nil {
		return failure.Err.Error()
	}
	return err.Error()
}

func (a Arrival) report(region exchange.Region, now time.Time) (exchange.Report, error) {
	r := reader{cells: Columns(a.Columns)}
	r.operation()
	report := exchange.Report{
		Subject: exchange.Subject{IDNumber: r.idNumber(now), Name: r.name(now), FileNumber: r.fileNumber()},
		Region:  r.region(region), Sequence: a.Number, Happened: r.happened(), Learned: now, Facts: r.facts(now),
	}
	if r.err != nil {
		return exchange.Report{}, r.err
	}
	if len(report.Facts.Said()) == 0 {
		return exchange.Report{}, errSilent
	}
	return report, nil
}

// operation wants i or u of cd_operation, where there is one: nobody deletes a licence; one that ended has a status that says so.
func (r *reader) operation() {
	if mark := strings.ToLower(r.text("cd_operation")); mark != "" && mark != "i" && mark != "u" {
		r.fail("cd_operation", errOperation)
	}
}

func (r *reader) idNumber(now time.Time) exchange.IDNumber {
	number, err := exchange.ParseIDNumber(r.required("sfzmhm"), now)
	if err != nil {
		r.fail("sfzmhm", err)
	}
	return number
}

// region reads glbm, the department that keeps the file: 12 digits, of which the first two are the province's.
func (r *reader) region(fallback exchange.Region) exchange.Region {
	department := r.text("glbm")
	if department == "" {
		return fallback
	}
	region := exchange.Region(department[:min(2, len(department))] + "0000")
	if len(department) != 12 || !region.Provincial() {
		r.fail("glbm", errRegion)
	}
	return region
}

// Announcement is what a row of changes says of a person's licence.
type Announcement struct {
	Name     string    // empty if the row has none
	Happened time.Time // zero if the row has no gxsj
	Facts    exchange.Facts
}

// Announced reads a row of changes that came by another way than a push, such as a table, keyed by lower-case column names, within the
// bounds of the contract's reports. The error names the column, and never repeats a value; a row that says nothing is an error too.
func Announced(columns map[string]string, now time.Time) (Announcement, error) {
	r := reader{cells: Columns(columns)}
	said := Announcement{Name: r.name(now), Facts: r.facts(now)}
	if r.text("gxsj") != "" {
		said.Happened = r.happened()
	}
	if r.err != nil {
		failure, _ := errors.AsType[*exchange.Error](r.err)
		return Announcement{}, failure.Err // without the code, which is the receiver's affair
	}
	if len(said.Facts.Said()) == 0 {
		return Announcement{}, errSilent
	}
	return said, nil
}

// facts reads the columns that are synchronised. Unlike in an answer to a query, what can't be read is an error: a report with
// a hole would be taken for silence.
func (r *reader) facts(now time.Time) exchange.Facts {
	licence := exchange.Licence{
		Status: r.status(), CardNumber: r.cardNumber(now), Classes: r.distinctClasses(), IssuedOn: r.date("fzrq"),
		Replacements: r.smallCount("bzcs"), Points: r.smallCount("ljjf"), CycleEnd: r.date("qfrq"),
	}
	licence.ValidUntil, licence.LongTerm = r.validity()
	return exchange.FactsOf(&licence)
}

// Number reads the platform's number of a row: decimal digits, 0 for what is none.
func Number(text string) uint64 {
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return number
}
