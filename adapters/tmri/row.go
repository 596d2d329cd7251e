package tmri

import (
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/xmlpull"
)

// columns is one row of an answer, with lower-case column names. Rows are short and read once, so to look for a column from the
// start costs less than to make a map.
type columns []cell

type cell struct{ name, text string }

// Column gives a column as it was sent, "" for one that was not.
func (c columns) Column(name string) string {
	for i := range c {
		if c[i].name == name {
			return c[i].text
		}
	}
	return ""
}

// text gives a column without the padding of fixed-width columns.
func (c columns) text(name string) string { return strings.TrimSpace(c.Column(name)) }

func (c columns) has(name string) bool {
	for i := range c {
		if c[i].name == name {
			return true
		}
	}
	return false
}

const (
	usualColumns = 40  // of DRIVINGLICENSE there are 37
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
			row = d.add(row, cell{strings.ToLower(name.Local), text}, nested)
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
	case row.has(one.name):
		d.fault = errRepeated
	case len(row) == maxColumns:
		d.fault = errColumns
	}
	return append(row, one)
}
