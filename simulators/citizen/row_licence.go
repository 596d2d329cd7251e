package citizen

import (
	"strconv"
	"time"
)

// LicenceRow writes the licence as a row of the exchange table DRIVINGLICENSE, without cd_time: that column belongs to the
// copy a province holds, not to the record. An unlicensed person gives no row.
func (c Citizen) LicenceRow() Row {
	if !c.Licensed() {
		return nil
	}
	return append(append(c.personFields(), c.Licence.fields()...), c.contactFields()...)
}

func (c Citizen) personFields() Row {
	return Row{
		{"sfzmhm", c.IDNumber}, {"sfzmmc", "A"}, {"xm", c.Name}, {"xb", c.Sex}, {"csrq", Day(c.Birth)}, {"gj", "156"},
	}
}

func (c Citizen) contactFields() Row {
	return Row{
		{"lxzsxxdz", c.Home.Name + "演示路1号"}, {"lxzsyzbm", c.Home.Code}, {"lxdh", c.Phone}, {"sjhm", c.Phone},
		{"sfbd", yes(c.Home.Province() == c.Licence.Province())},
	}
}

func (l Licence) fields() Row {
	return Row{
		{"dabh", l.FileNumber}, {"ydabh", ""}, {"zxbh", l.CardNumber}, {"zjcx", l.Classes}, {"yzjcx", l.FormerClasses},
		{"zt", l.Status}, {"ljjf", strconv.Itoa(l.Points)}, {"qfrq", Day(l.NextClearing)}, {"syrq", Day(l.NextReview)},
		{"syyxqz", Day(l.reviewEnd())}, {"cclzrq", Day(l.FirstIssued)}, {"ccfzjg", l.Office.Office},
		{"fzrq", Day(l.Issued)}, {"fzjg", l.Office.Office}, {"jzqx", l.term()}, {"yxqs", Day(l.ValidFrom)},
		{"yxqz", l.end()}, {"cfrq", Day(l.OverLimit)}, {"xxtzrq", Day(l.OverLimit)}, {"bzcs", strconv.Itoa(l.Replaced)},
		{"ly", "A"}, {"jxmc", "演示驾驶员培训学校"}, {"glbm", l.Province() + "000400"}, {"dwbh", ""}, {"xczg", "2"},
		{"xczjcx", ""}, {"ryzt", "A"}, {"sxbj", yes(l.Probation)}, {"sxqksbj", yes(l.Probation && heavy(l.Classes))},
		{"gxsj", Moment(l.Updated)},
	}
}

// reviewEnd is 30 days after the review falls due (公安部令第162号, article 72).
func (l Licence) reviewEnd() time.Time {
	if l.NextReview.IsZero() {
		return time.Time{}
	}
	return l.NextReview.AddDate(0, 0, 30)
}

func (l Licence) term() string {
	if l.TermYears == 0 {
		return "长期"
	}
	return strconv.Itoa(l.TermYears) + "年"
}

// end writes yxqz. Both ways of saying 长期 occur at the sources.
func (l Licence) end() string {
	if l.LongTerm() && !l.EndBlank {
		return "9999-12-31"
	}
	return Day(l.ValidUntil)
}

// yes writes the marks that count 1 for yes and 2 for no.
func yes(mark bool) string {
	if mark {
		return "1"
	}
	return "2"
}
