package citizen

import "strconv"

// DecisionRow writes one decision as a violation record (处罚记录). Fines are whole yuan.
func (c Citizen) DecisionRow(d Decision) Row {
	return Row{
		{"wfbh", d.Serial}, {"jdslb", "1"}, {"jdsbh", d.Number}, {"ryfl", "4"}, {"jszh", c.IDNumber},
		{"dabh", c.Licence.FileNumber}, {"fzjg", c.Licence.Office.Office}, {"zjcx", c.Licence.Classes}, {"dsr", c.Name},
		{"hpzl", d.PlateKind}, {"hphm", d.Plate}, {"wfsj", Moment(d.Occurred)}, {"xzqh", d.Place.Code}, {"wfdd", "00001"},
		{"wfdz", d.Place.Name + "演示路口"}, {"wfxw", d.Offence.Code}, {"wfjfs", strconv.Itoa(d.Offence.Points)},
		{"fkje", strconv.Itoa(d.Offence.Yuan)}, {"scz", ""}, {"bzz", ""}, {"znj", "0"}, {"zqmj", ""}, {"jkfs", d.payment()},
		{"fxjg", d.Place.Province() + "000000"}, {"fxjgmc", "演示交警支队"}, {"cljg", d.Place.Province() + "000000"},
		{"cfzl", d.penalty()}, {"clsj", Moment(d.Decided)}, {"jkbj", d.Paid}, {"jkrq", Day(d.PaidAt)}, {"pzbh", ""},
		{"jsjqbj", ""}, {"jllx", "1"}, {"lrsj", Moment(d.Decided)}, {"sgdj", ""}, {"xxly", "1"}, {"gxsj", Moment(d.updated())},
	}
}

// payment is 1, paid at a bank, once the fine is paid (道路交通安全法, article 108).
func (d Decision) payment() string {
	if d.Paid == "1" {
		return "1"
	}
	return ""
}

// penalty is 1 for a warning and 2 for a fine.
func (d Decision) penalty() string {
	if d.Offence.Yuan == 0 {
		return "1"
	}
	return "2"
}

// VehicleRow writes the vehicle record of one of the person's vehicles; sfzmhm is the owner.
func (c Citizen) VehicleRow(v Vehicle) Row {
	return Row{
		{"hpzl", v.PlateKind}, {"hphm", v.Plate}, {"clpp1", v.Brand}, {"csys", v.Colour}, {"syr", c.Name}, {"sfzmmc", "A"},
		{"sfzmhm", c.IDNumber}, {"zt", v.Status}, {"ccdjrq", Day(v.Registered)}, {"yxqz", Day(v.ValidUntil)},
		{"fzjg", string([]rune(v.Plate)[:2])},
	}
}

// CameraRow writes one camera violation of the vehicle.
func (v Vehicle) CameraRow(camera CameraViolation) Row {
	return Row{
		{"xh", camera.Serial}, {"hpzl", v.PlateKind}, {"hphm", v.Plate}, {"wfsj", Moment(camera.Occurred)},
		{"xzqh", camera.Place.Code}, {"wfdd", "00001"}, {"wfdz", camera.Place.Name + "演示路口"},
		{"wfxw", camera.Offence.Code}, {"clbj", handled(camera.Handled)}, {"cjjg", camera.Place.Province() + "000000"},
		{"cjjgmc", "演示交警支队"}, {"lrsj", Moment(camera.Entered)},
	}
}

func handled(done bool) string {
	if done {
		return "1"
	}
	return "0"
}
