package wechat

import (
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// contents gives what a template's key is to hold; "" for what the notice doesn't show.
func contents(name string, notice exchange.Notice) string {
	switch name {
	case "change":
		return changes(notice.Events)
	case "happened":
		if len(notice.Events) == 0 {
			return "" // the time of a change that is hidden is hidden too
		}
		return notice.Happened.In(exchange.Shanghai()).Format("2006年1月2日 15:04")
	}
	for _, field := range notice.Fields {
		if string(field.Name) == name {
			return words(field.Value)
		}
	}
	return ""
}

// words writes a value for people.
func words(value any) string {
	switch v := value.(type) {
	case exchange.Date:
		return v.Time().Format("2006年1月2日")
	case exchange.MayDrive:
		return map[exchange.MayDrive]string{
			exchange.MayDriveYes: "可以驾驶", exchange.MayDriveNo: "不得驾驶", exchange.MayDriveUnknown: "尚未确认", exchange.MayDriveAsk: "咨询车管所",
		}[v]
	case []exchange.StatusState:
		return joined(v, func(s exchange.StatusState) string { return s.NameZH })
	}
	text, _ := row.Text(value)
	return text
}

// changes writes the events: 暂扣、换补证.
func changes(events []exchange.Event) string {
	var said []string
	for _, event := range events {
		if text := change(event); text != "" && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return strings.Join(said, "、")
}

// change writes one event; "" for a kind that is not known, and for 正常 (A) that left, which whatever came instead says.
func change(event exchange.Event) string {
	letter := joined(exchange.StatusSet(event.Letter).States(), func(s exchange.StatusState) string { return s.NameZH })
	switch {
	case event.Kind == exchange.StatusRemoved && event.Letter == "A":
		return ""
	case event.Kind.Aspect() == exchange.AspectStatus && letter == "":
		return "状态变化"
	case event.Kind == exchange.StatusRemoved:
		return "解除" + letter
	case event.Kind == exchange.StatusAdded:
		return letter
	}
	return map[exchange.EventKind]string{
		exchange.ClassChanged: "准驾车型变更", exchange.ValidityChanged: "有效期变更", exchange.Replaced: "换补证",
		exchange.PointsChanged: "记分变化", exchange.Cleared: "记分周期更新",
	}[event.Kind]
}

func joined[T any](list []T, text func(T) string) string {
	texts := make([]string, len(list))
	for i, each := range list {
		texts[i] = text(each)
	}
	return strings.Join(texts, "、")
}
