package holding

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// ErrNotice is what is wrong with a notice that is not of the provinces' form.
var ErrNotice = errors.New("holding: not a licence-status notice")

// notice is a change as the provinces' components take it.
type notice struct {
	Licence  string `json:"jszbs"`
	Version  uint64 `json:"bbh"`
	IDNumber string `json:"sfzmhm"`
	Changed  string `json:"bgsj"`
	Events   []struct {
		Kind   string `json:"lx"`
		Letter string `json:"zt"`
	} `json:"bgsx"`
	Columns map[string]string `json:"sj"`
	Masked  []string          `json:"tmzd"`
}

// columns are those that a notice may hold: the ones of DRIVINGLICENSE that change, and three of the notice's own.
func columns() []string {
	return []string{"zt", "zjcx", "yxqz", "zxbh", "bzcs", "fzrq", "ljjf", "qfrq", "sfkjs", "sfcq", "yxzt"}
}

// Read reads a notice strictly: a member or column that has no business there is an error, above all one that would be personal
// data. A notice without events must not say when something changed.
func Read(body []byte, now time.Time) (Copy, error) {
	var told notice
	if Strict(body, &told) != nil {
		return Copy{}, ErrNotice
	}
	held := Copy{Licence: told.Licence, IDNumber: told.IDNumber, Version: told.Version, Fields: told.Columns, Masked: told.Masked, Learned: now}
	for _, event := range told.Events {
		held.Events = append(held.Events, Event(event))
	}
	for name := range told.Columns {
		if !slices.Contains(columns(), name) {
			return Copy{}, ErrNotice
		}
	}
	_, err := time.ParseInLocation("2006-01-02 15:04:05", told.Changed, citizen.Zone())
	if (err != nil) != (len(told.Events) == 0) || !held.complete() {
		return Copy{}, ErrNotice
	}
	return held, nil
}

// complete tells whether the copy says of whom and what it is.
func (c Copy) complete() bool {
	masked := !slices.ContainsFunc(c.Masked, func(name string) bool { return !strings.Contains(c.Fields[name], "*") })
	return c.Licence != "" && c.IDNumber != "" && c.Version > 0 && len(c.Fields) > 0 && masked
}

// Strict decodes one JSON value that has no other members than target's.
func Strict(body []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return ErrNotice
	}
	return nil
}

// Question asks for a page of what is held.
type Question struct {
	After string `json:"jszbs"`
	Most  int    `json:"ts"`
}

// Row is one line of the answer.
type Row struct {
	Licence string `json:"jszbs"`
	Version uint64 `json:"bbh"`
	Digest  string `json:"zy"`
}

// Page answers a question of the provinces' form.
func (b *Book) Page(body []byte) ([]Row, error) {
	var asked Question
	if Strict(body, &asked) != nil || asked.Most < 1 || asked.Most > 1000 {
		return nil, ErrNotice
	}
	rows := []Row{}
	for _, line := range b.List(asked.After, asked.Most) {
		rows = append(rows, Row{line.Licence, line.Version, line.Digest})
	}
	return rows, nil
}

// Receipt is what a component answers to a notice that it took.
type Receipt struct {
	Licence string `json:"jszbs"`
	Version uint64 `json:"bbh"`
}
