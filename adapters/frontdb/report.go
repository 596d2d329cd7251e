package frontdb

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

var (
	errOperation = errors.New("neither i nor u")
	errDeletion  = errors.New("a deletion states no fact: write the licence's status, such as G (注销)")
	errRegion    = errors.New("no province (GB/T 2260)")
	errCount     = errors.New("not a count")
)

// reportReader turns rows of the other side into reports.
type reportReader struct {
	reporter   string
	table      string
	region     exchange.Region // of rows that name none
	pseudonyms exchange.Pseudonyms
	now        time.Time
}

// report gives what a row announces. An error names the column and repeats no value. The other side's licence_key is not read,
// since only this gateway's own pseudonym is the licence's key here, nor is what follows from other columns.
func (r reportReader) report(found foundRow) (*exchange.Report, error) {
	columns := found.columns
	if err := checkOperation(columns[columnNames[cdOperation]]); err != nil {
		return nil, wrong(cdOperation, err)
	}
	number, err := exchange.ParseIDNumber(strings.TrimSpace(columns[columnNames[sfzmhm]]), r.now)
	if err != nil {
		return nil, wrong(sfzmhm, err)
	}
	region := cmp.Or(exchange.Region(strings.TrimSpace(columns[columnNames[xzqh]])), r.region)
	if !region.Provincial() {
		return nil, wrong(xzqh, errRegion)
	}
	sequence, err := readVersion(columns[columnNames[version]])
	if err != nil {
		return nil, wrong(version, err)
	}
	said, err := row.Announced(columns, r.now)
	if err != nil {
		return nil, err
	}
	happened := said.Happened
	if happened.IsZero() {
		happened = found.place.Time
	}
	return &exchange.Report{
		ID:       reportID(r.table, found.place),
		Reporter: r.reporter, Licence: r.pseudonyms.Pseudonym(number),
		Subject: exchange.Subject{Name: said.Name, IDNumber: number},
		Region:  region, Sequence: sequence, Happened: happened, Learned: r.now, Facts: said.Facts,
		Origin: printable(strings.TrimSpace(columns[columnNames[dataSource]]), widths[dataSource]),
		Via:    strings.Fields(printable(columns[columnNames[cdVia]], widths[cdVia])),
	}, nil
}

func wrong(c column, cause error) error { return fmt.Errorf("column %s: %w", columnNames[c], cause) }

func checkOperation(operation string) error {
	switch strings.ToLower(strings.TrimSpace(operation)) {
	case "i", "u":
		return nil
	case "d":
		return errDeletion
	}
	return errOperation
}

// readVersion gives 0, which does not count, for a row without a version.
func readVersion(text string) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	number, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, errCount // the parser's own error would repeat the value
	}
	return number, nil
}
