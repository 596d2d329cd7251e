package account

import "github.com/zhengqiao/zhengqiao/exchange"

// purposePart is a part of a purpose that a request may leave blank, with an example that any rule on its form takes.
type purposePart struct {
	name, example string
	of            func(*exchange.Purpose) *string
}

// purposeParts are named as the contract names them. The unit is a number of 12 digits (公安机关机构代码).
func purposeParts() []purposePart {
	return []purposePart{
		{"matter", stated, func(p *exchange.Purpose) *string { return &p.Matter }},
		{"matterName", stated, func(p *exchange.Purpose) *string { return &p.MatterName }},
		{"case", stated, func(p *exchange.Purpose) *string { return &p.Case }},
		{"operator", stated, func(p *exchange.Purpose) *string { return &p.Operator }},
		{"unit", "310000000000", func(p *exchange.Purpose) *string { return &p.Unit }},
		{"unitName", stated, func(p *exchange.Purpose) *string { return &p.UnitName }},
	}
}

// levelName names a level of assurance. One that a folder of one's own has added is called by its code.
func levelName(level string) exchange.Text {
	names := map[string]exchange.Text{
		"phone": {ZH: "手机号", EN: "phone"}, "account": {ZH: "账号", EN: "account"}, "sms": {ZH: "短信", EN: "SMS"},
		"bankcard": {ZH: "银行卡", EN: "bank card"}, "face": {ZH: "人脸", EN: "face"},
	}
	if name, ok := names[level]; ok {
		return name
	}
	return exchange.Text{ZH: level, EN: level}
}
