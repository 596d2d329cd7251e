package row

import (
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Licence reads a row of DRIVINGLICENSE, keyed by lower-case column names. Columns that are absent or empty stay zero; other
// columns are ignored. sfzmhm and xm must be there. Classes that can't be split are left out rather than guessed, and
// status letters that no list knows are kept.
//
// The error is an [exchange.Error] of code SourceInvalid and names the first column that is wrong: a date that doesn't exist,
// a time not in the table's format, a count that is none.
func Licence(columns map[string]string) (exchange.Licence, error) { return Read(Columns(columns)) }

// Cells is a row, however it is held. Column gives "" for a column that is not there; names are in lower case.
type Cells interface{ Column(name string) string }

// Read is [Licence] for a row that is no map.
func Read(cells Cells) (exchange.Licence, error) {
	r := reader{cells: cells}
	var licence exchange.Licence
	r.readPerson(&licence)
	r.readCard(&licence)
	r.readPoints(&licence)
	r.readContact(&licence)
	if r.err != nil {
		return exchange.Licence{}, r.err
	}
	return licence, nil
}

func (r *reader) readPerson(l *exchange.Licence) {
	l.IDNumber = strings.ToUpper(r.required("sfzmhm"))
	l.Name = r.required("xm")
	l.IDType = r.text("sfzmmc")
	l.Sex = r.text("xb")
	l.BirthDate = r.date("csrq")
	l.Nationality = r.text("gj")
}

func (r *reader) readCard(l *exchange.Licence) {
	l.FileNumber = r.text("dabh")
	l.CardNumber = r.text("zxbh")
	l.Classes = r.classes("zjcx")
	l.FormerClasses = r.classes("yzjcx")
	l.Status = exchange.ParseStatus(r.text("zt"))
	l.FirstIssued = r.date("cclzrq")
	l.FirstIssuer = r.text("ccfzjg")
	l.IssuedOn = r.date("fzrq")
	l.Issuer = r.text("fzjg")
	l.ValidFrom = r.date("yxqs")
	l.ValidUntil, l.LongTerm = r.validity()
	l.Replacements = r.count("bzcs")
	l.Probation = r.text("sxbj")
	l.UpdatedAt = r.moment("gxsj")
}

func (r *reader) readPoints(l *exchange.Licence) {
	l.Points = r.count("ljjf")
	l.CycleEnd = r.date("qfrq")
	l.OverLimitOn = r.date("cfrq")
	l.StudyNoticeOn = r.date("xxtzrq")
	l.NextInspection = r.date("syrq")
	l.InspectedUntil = r.date("syyxqz")
}

func (r *reader) readContact(l *exchange.Licence) {
	l.Address = r.text("lxzsxxdz")
	if l.Phone = r.text("sjhm"); l.Phone == "" {
		l.Phone = r.text("lxdh")
	}
}
