package citizen

// Offence is a kind of violation. Codes have the form of GA/T 16.31; points follow 公安部令第163号, articles 8 to 12.
type Offence struct {
	Code   string // 违法行为代码 wfxw
	Text   string
	Points int // 记分值
	Yuan   int // fine in yuan; 0 is a warning, for which nothing is due
}

// offences holds at least one violation for each value of points and two without.
func offences() []Offence {
	return []Offence{
		{"1712", "饮酒后驾驶机动车的", 12, 1500},
		{"1614", "在高速公路上违法停车的", 9, 200},
		{"1625", "驾驶机动车违反道路交通信号灯通行的", 6, 200},
		{"1636", "驾驶机动车超过规定时速百分之二十以上未达到百分之五十的", 6, 200},
		{"1223", "驾驶时拨打接听手持电话的", 3, 200},
		{"1357", "遇行人正在通过人行横道时未停车让行的", 3, 100},
		{"1344", "机动车违反禁令标志指示的", 1, 200},
		{"6011", "机动车驾驶人未按规定使用安全带的", 1, 50},
		{"1039", "机动车违反规定停放、临时停车的", 0, 150},
		{"1116", "驾驶机动车未随车携带行驶证的", 0, 0},
	}
}

// offenceCoded finds an offence by its code.
func offenceCoded(code string) Offence {
	for _, offence := range offences() {
		if offence.Code == code {
			return offence
		}
	}
	panic("citizen: no offence has the code " + code)
}

// cameraOffences are those that a camera can see.
func cameraOffences() []Offence {
	return []Offence{offenceCoded("1625"), offenceCoded("1636"), offenceCoded("1344"), offenceCoded("1039")}
}

// offencesWorth lists the offences of at most so many points, the dearest first.
func offencesWorth(points int) []Offence {
	var worth []Offence
	for _, offence := range offences() {
		if offence.Points > 0 && offence.Points <= points {
			worth = append(worth, offence)
		}
	}
	return worth
}
