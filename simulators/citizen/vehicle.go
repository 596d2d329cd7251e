package citizen

import "time"

// Decision is one penalty decision (处罚决定). Points and fine arise here and nowhere else.
type Decision struct {
	Number    string // 决定书编号 jdsbh, 15 digits
	Serial    string // 违法编号 wfbh, 16 digits
	PlateKind string // 号牌种类 hpzl, empty when no vehicle is on file
	Plate     string // 号牌号码 hphm
	Offence   Offence
	Occurred  time.Time // 违法时间 wfsj
	Decided   time.Time // 处理时间 clsj: the moment that puts the points into a cycle (公安部令第163号, article 13)
	Place     Division
	Paid      string    // 交款标记 jkbj: 0 unpaid, 1 paid, 9 none due
	PaidAt    time.Time // 交款日期 jkrq, zero unless Paid is 1
}

// Vehicle is one registered vehicle. Its status letters are another list than those of licences (GA/T 16.7).
type Vehicle struct {
	PlateKind  string // 号牌种类 hpzl: 02 small car, 07 motorcycle, 01 large vehicle
	Plate      string // 号牌号码 hphm with the province character, e.g. 沪A1D234
	Brand      string
	Colour     string // 车身颜色, GA/T 16.8 letter
	Status     string // A normal, G violations not handled
	Registered time.Time
	ValidUntil time.Time // 检验有效期止
	Cameras    []CameraViolation
}

// CameraViolation is one record of a camera (电子监控). It carries no points and no fine: those wait for the decision.
type CameraViolation struct {
	Serial   string // 序号 xh, 16 digits
	Offence  Offence
	Occurred time.Time
	Entered  time.Time // 录入时间, from when it can be queried (公安部令第157号, article 20)
	Place    Division
	Handled  bool // 处理标记 clbj
}

// updated is the last time that anything about the decision changed: it was made, or its fine was paid.
func (d Decision) updated() time.Time {
	if d.PaidAt.After(d.Decided) {
		return d.PaidAt
	}
	return d.Decided
}
