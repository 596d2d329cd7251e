package exchange

import (
	"slices"
	"strings"
)

// Reason codes of fields that the gateway itself withholds after policy granted them, and the rule that they name.
const (
	sourceLacksField  = "source_lacks_field"
	maskUnknown       = "mask_unknown"
	maskUnfit         = "mask_unfit"
	vehiclesNotStated = "vehicles_not_stated"
	shapeRule         = "exchange.shape"
)

// lackList holds the granted fields that can't be shown, with the reason code.
type lackList map[Field]string

// add takes over another list but for the excused fields that the source lacks.
func (l lackList) add(other lackList, excused []Field) {
	for field, code := range other {
		if code == sourceLacksField && slices.Contains(excused, field) {
			continue
		}
		l[field] = code
	}
}

// withheld gives the list in the order of the names, so that equal answers have equal bytes.
func (l lackList) withheld() []Withheld {
	var list []Withheld
	for field, code := range l {
		list = append(list, Withheld{Field: field, Code: code, Rule: shapeRule, Text: lackText(code)})
	}
	slices.SortFunc(list, func(a, b Withheld) int { return strings.Compare(string(a.Field), string(b.Field)) })
	return list
}

// Lack gives the text and the rule of a code by which the gateway itself withholds what policy granted; ok is false for policy's own codes.
func Lack(code string) (text Text, rule string, ok bool) {
	switch code {
	case sourceLacksField, maskUnknown, maskUnfit, vehiclesNotStated:
		return lackText(code), shapeRule, true
	}
	return Text{}, "", false
}

func lackText(code string) Text {
	switch code {
	case maskUnknown:
		return Text{ZH: "此项的脱敏规则无法识别，故不显示。", EN: "The rule for masking this field is not known, so it is not shown."}
	case vehiclesNotStated:
		return Text{ZH: "未指明车辆，未查询电子监控记录；不表示没有未处理的违法。", EN: "No vehicle was named, so camera records were not asked for; this does not mean that there are none."}
	case maskUnfit:
		return Text{ZH: "此项不是文本，脱敏规则不适用，故不显示。", EN: "This field is not a text, so its rule for masking does not fit and it is not shown."}
	}
	return Text{ZH: "数据来源没有提供此项。", EN: "The source did not provide this field."}
}
