package exchange

import "time"

// Licence is a driving licence as a source knows it (table DRIVINGLICENSE of the 六合一 exchange database; the column name
// stands behind each member). A zero value means that the source did not say; Points and Replacements are pointers because
// zero is something to say.
type Licence struct {
	Name           string    // xm
	IDNumber       string    // sfzmhm, clear
	IDType         string    // sfzmmc, A: citizen ID
	Sex            string    // xb: 1 male, 2 female
	BirthDate      Date      // csrq
	Nationality    string    // gj
	FileNumber     string    // dabh, 12 digits
	CardNumber     string    // zxbh, core number of the card
	Classes        []Class   // zjcx
	FormerClasses  []Class   // yzjcx
	Status         StatusSet // zt
	Points         *int      // ljjf, points of the current cycle
	CycleEnd       Date      // qfrq, next clearing of points
	OverLimitOn    Date      // cfrq, day on which the limit was reached
	StudyNoticeOn  Date      // xxtzrq, notice of 满分教育
	FirstIssued    Date      // cclzrq
	FirstIssuer    string    // ccfzjg
	IssuedOn       Date      // fzrq
	Issuer         string    // fzjg, such as 沪A
	ValidFrom      Date      // yxqs
	ValidUntil     Date      // yxqz; zero when LongTerm
	LongTerm       bool      // 长期: yxqz 9999-12-31, empty with jzqx 长期, or the word itself
	NextInspection Date      // syrq
	InspectedUntil Date      // syyxqz
	Replacements   *int      // bzcs, times replaced
	Probation      string    // sxbj: 1 yes, 2 no
	Address        string    // lxzsxxdz
	Phone          string    // sjhm, else lxdh
	UpdatedAt      time.Time // gxsj, when the source last changed the record
}

// String keeps the person out of logs: a licence prints as a word.
func (Licence) String() string { return "licence (hidden)" }

// GoString does the same for %#v.
func (l Licence) GoString() string { return l.String() }

// fill derives what follows from other members and the source left out.
func (l *Licence) fill(today Date) {
	if l.CycleEnd.IsZero() {
		l.CycleEnd = NextClearing(l.FirstIssued, today)
	}
}

// Vehicle names a vehicle by plate type (号牌种类 hpzl, GA/T 16.7) and plate number (号牌号码 hphm).
type Vehicle struct {
	PlateType   string
	PlateNumber string
}

// Payment says whether a fine was paid (jkbj: 0 unpaid, 1 paid, 9 none due).
type Payment string

// The payment states; [PaymentUnknown] for another flag.
const (
	PaymentUnknown Payment = "unknown"
	PaymentUnpaid  Payment = "unpaid"
	PaymentPaid    Payment = "paid"
	PaymentNone    Payment = "none-due"
)

// Violation is one traffic violation. A processed one has a decision, and its points and fine count; one found by a camera and
// not yet dealt with has neither, and is never counted as points (道路交通安全违法行为处理程序规定 arts. 19-22).
type Violation struct {
	ID             string // wfbh of a decision, xh of a camera record
	Processed      bool
	DecisionNumber string    // jdsbh
	OccurredAt     time.Time // wfsj
	Place          string    // wfdz
	Division       string    // xzqh
	Act            string    // wfxw, code of the act
	ActText        string    // wfnr, its text, where the source gives one
	Points         *int      // wfjfs, from the decision
	FineFen        *int      // fkje, in fen (the source states yuan)
	LateFeeFen     *int      // znj, in fen
	Payment        Payment   // jkbj
	PaidOn         Date      // jkrq
	PlateType      string    // hpzl
	PlateNumber    string    // hphm
	DecidedOn      Date      // clsj
	Authority      string    // cljg or fxjgmc
	HasPicture     bool
	UpdatedAt      time.Time // gxsj
}

// Picture is the evidence picture of one violation.
type Picture struct {
	Violation string
	MediaType string // image/jpeg
	Data      []byte
	Vehicle   Vehicle
}
