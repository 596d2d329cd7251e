package console

import (
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
)

// RegionName gives the name of a division code of two or six digits (GB/T 2260), nothing for none.
func RegionName(code string) watch.Text {
	if len(code) == 2 {
		code += "0000"
	}
	name := exchange.Region(code).Name()
	return watch.Text{Zh: name.ZH, En: name.EN}
}

// shortRegion leaves out what kind of division it is, where room is short.
func shortRegion(name string) string {
	for _, kind := range []string{"特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"} {
		if short, is := strings.CutSuffix(name, kind); is {
			return short
		}
	}
	return name
}

// colour says a colour in words, since not everybody sees it and no printer has it.
func (l Language) colour(c watch.Colour) string {
	switch c {
	case watch.Green:
		return l.Pick("正常", "Good")
	case watch.Yellow:
		return l.Pick("注意", "Warning")
	case watch.Red:
		return l.Pick("故障", "Failing")
	}
	return l.Pick("未观测", "Not observed")
}

func (l Language) light(name watch.LightName) string {
	switch name {
	case watch.Configuration:
		return l.Pick("配置", "Configuration")
	case watch.Reachability:
		return l.Pick("连通", "Reachability")
	case watch.Freshness:
		return l.Pick("数据新鲜度", "Freshness")
	case watch.Contract:
		return l.Pick("接口约定", "Contract")
	}
	return string(name)
}

func (l Language) layer(layer watch.Layer) string {
	switch layer {
	case watch.LayerDNS:
		return l.Pick("域名解析", "DNS")
	case watch.LayerTCP:
		return "TCP"
	case watch.LayerTLS:
		return "TLS"
	case watch.LayerHTTP:
		return "HTTP"
	case watch.LayerTime:
		return l.Pick("响应时间", "time")
	case watch.LayerClock:
		return l.Pick("时钟", "clock")
	case watch.LayerSignature:
		return l.Pick("签名", "signature")
	case watch.LayerCredential:
		return l.Pick("凭据", "credential")
	case watch.LayerFormat:
		return l.Pick("报文格式", "format")
	case watch.LayerValue:
		return l.Pick("数值", "value")
	case watch.LayerData:
		return l.Pick("数据时效", "age of data")
	case watch.LayerDisk:
		return l.Pick("本机存储", "own storage")
	}
	return string(layer)
}
