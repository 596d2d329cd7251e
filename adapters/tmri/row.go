package tmri

import (
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/xmlpull"
)

// columns is one row of an answer, with lower-case column names. Rows are short and read once, so to look for a column from the
// start costs less than to make a map.
type columns []cell

type cell struct {
	start      uint64 // of the name, for a quick comparison
	name, text string
}

func newCell(name, text string) cell { return cell{startOf(name), name, text} }

// startOf gives the first eight bytes of a name; most have no more.
func startOf(name string) (start uint64) {
	for i := range min(len(name), 8) {
		start = start<<8 | uint64(name[i])
	}
	return start
}

// find gives the place of a column, -1 if it is not there.
func (c columns) find(name string) int {
	start := startOf(name)
	for i := range c {
		if c[i].start == start && c[i].name == name {
			return i
		}
	}
	return -1
}

// Column gives a column as it was sent, "" for one that was not.
func (c columns) Column(name string) string {
	if i := c.find(name); i >= 0 {
		return c[i].text
	}
	return ""
}

// text gives a column without the padding of fixed-width columns.
func (c columns) text(name string) string { return strings.TrimSpace(c.Column(name)) }

const (
	usualColumns = 48  // of DRIVINGLICENSE there are 41
	maxColumns   = 256 // bounds the search for repeated ones; the widest published table has some 100
)

// row reads one row, whatever its element's name.
func (d *wireDocument) row(xmlpull.Name) error {
	d.count++
	if d.count > d.maxRows || d.fault != nil {
		return d.reader.Skip()
	}
	width := usualColumns
	if len(d.rows) > 0 {
		width = len(d.rows[0])
	}
	row := make(columns, 0, width)
	err := d.reader.Children(func(name xmlpull.Name) error {
		text, nested, err := d.reader.Content()
		if err == nil {
			row = d.add(row, newCell(strings.ToLower(name.Local), text), nested)
		}
		return err
	})
	d.rows = append(d.rows, row)
	return err
}

// add keeps a cell, or notes what is wrong with it.
func (d *wireDocument) add(row columns, one cell, nested bool) columns {
	switch {
	case d.fault != nil:
		return row
	case nested:
		d.fault = errNested
	case row.find(one.name) >= 0:
		d.fault = errRepeated
	case len(row) == maxColumns:
		d.fault = errColumns
	}
	return append(row, one)
}
