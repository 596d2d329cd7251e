package matrix

import (
	"github.com/zhengqiao/zhengqiao/exchange"
)

// names tells what things are called, zh and en: what policies define by their data, the rest by the contract.
type names struct{ data map[string]any }

func (m *Matrix) names() names { return names{m.Data} }

func (n names) of(section, key string) exchange.Text {
	zh, _ := below(n.data, section, key, "zh").(string)
	en, _ := below(n.data, section, key, "en").(string)
	if zh == "" {
		return exchange.Text{ZH: key, EN: key}
	}
	return exchange.Text{ZH: zh, EN: en}
}

func (n names) platform(id string) exchange.Text         { return n.of("platforms", id) }
func (n names) purpose(code string) exchange.Text        { return n.of("purposes", code) }
func (n names) field(field exchange.Field) exchange.Text { return n.of("fields", string(field)) }

func (n names) level(level string) exchange.Text {
	switch level {
	case "none":
		return exchange.Text{ZH: "未认证", EN: "none"}
	case "phone":
		return exchange.Text{ZH: "手机号", EN: "phone"}
	case "account":
		return exchange.Text{ZH: "账号", EN: "account"}
	case "sms":
		return exchange.Text{ZH: "短信", EN: "SMS"}
	case "bankcard":
		return exchange.Text{ZH: "银行卡", EN: "bank card"}
	case "face":
		return exchange.Text{ZH: "人脸", EN: "face"}
	}
	return exchange.Text{ZH: level, EN: level}
}

func (n names) operation(operation exchange.Operation) exchange.Text {
	switch operation {
	case exchange.LicenceQuery:
		return exchange.Text{ZH: "驾驶证查询", EN: "licence query"}
	case exchange.ViolationsQuery:
		return exchange.Text{ZH: "违法记录查询", EN: "violations query"}
	case exchange.PictureQuery:
		return exchange.Text{ZH: "违法图片查询", EN: "picture query"}
	case exchange.StudyQuery:
		return exchange.Text{ZH: "学法减分资格查询", EN: "study eligibility"}
	case exchange.ChangeDelivery:
		return exchange.Text{ZH: "变更通知", EN: "change delivery"}
	}
	return exchange.Text{ZH: string(operation), EN: string(operation)}
}

func (n names) region(region string) exchange.Text {
	switch region {
	case Own:
		return exchange.Text{ZH: "本省驾驶证", EN: "licences of its own province"}
	case Other:
		return exchange.Text{ZH: "外省驾驶证", EN: "licences of other provinces"}
	}
	return exchange.Text{ZH: "各省驾驶证", EN: "licences of any province"}
}

// shown says how a field is shown.
func (n names) shown(mask exchange.Mask) exchange.Text {
	switch mask {
	case "":
		return exchange.Text{ZH: "不显示", EN: "hidden"}
	case exchange.MaskNone:
		return exchange.Text{ZH: "明文", EN: "clear"}
	case exchange.MaskName:
		return exchange.Text{ZH: "隐去姓", EN: "name mask"}
	case exchange.MaskStrong:
		return exchange.Text{ZH: "强脱敏", EN: "strong mask"}
	case exchange.MaskOrdinary:
		return exchange.Text{ZH: "一般脱敏", EN: "ordinary mask"}
	case exchange.MaskThirds:
		return exchange.Text{ZH: "首尾各三分之一", EN: "first and last third"}
	case exchange.MaskMobile:
		return exchange.Text{ZH: "前三后四", EN: "first 3, last 4"}
	case exchange.MaskPlate:
		return exchange.Text{ZH: "号牌脱敏", EN: "plate mask"}
	case exchange.MaskYear:
		return exchange.Text{ZH: "仅年份", EN: "year only"}
	}
	return exchange.Text{ZH: string(mask), EN: string(mask)}
}
