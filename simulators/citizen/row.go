package citizen

import (
	"strings"
	"time"
)

// Field is one column of a row, by its canonical lower-case name.
type Field struct{ Name, Value string }

// Row is a record as the exchange tables hold it: columns in order, values as text.
type Row []Field

// Map gives the row as JSON objects carry it, keyed by lower-case column names.
func (r Row) Map() map[string]string {
	columns := make(map[string]string, len(r))
	for _, field := range r {
		columns[field.Name] = field.Value
	}
	return columns
}

// Upper gives the row keyed by upper-case column names, as the certificate library does.
func (r Row) Upper() map[string]string {
	columns := make(map[string]string, len(r))
	for _, field := range r {
		columns[strings.ToUpper(field.Name)] = field.Value
	}
	return columns
}

// Only keeps the named columns, in the row's own order. No names keep all: a grant that lists none is unlimited.
func (r Row) Only(names []string) Row {
	if len(names) == 0 {
		return r
	}
	var kept Row
	for _, field := range r {
		for _, name := range names {
			if field.Name == name {
				kept = append(kept, field)
			}
		}
	}
	return kept
}

// Day writes a civil day as yyyy-MM-dd, the zero time as an empty text.
func Day(moment time.Time) string {
	if moment.IsZero() {
		return ""
	}
	return moment.In(Zone()).Format("2006-01-02")
}

// Moment writes a moment as yyyy-MM-dd HH:mm:ss in Asia/Shanghai, the zero time as an empty text.
func Moment(moment time.Time) string {
	if moment.IsZero() {
		return ""
	}
	return moment.In(Zone()).Format("2006-01-02 15:04:05")
}
