package browsertest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
)

// stale is the adapter whose data stands still; everything else about it is well.
const stale = "gansu-licence"

// staleSince is when its data was last renewed.
func staleSince() time.Time {
	return time.Now().Add(-7*time.Hour - 12*time.Minute).Truncate(time.Second)
}

// adapters invents n of them over all provinces: most are well, a few are not, and one is stale.
func adapters(n int) watch.Overview {
	o := watch.Overview{At: time.Now(), Node: "shanghai-1", Revision: revision}
	provinces := slices.Sorted(maps.Keys(exchange.Provinces()))
	kinds := []string{"tmri", "suishenban", "zheliban", "suihaoban", "webhook", "frontdb", "population"}
	roles := [][]string{{"source"}, {"source", "poll"}, {"receiver"}, {"push", "receiver"}, {"receiver"}, {"frontdb"}, {"source"}}
	for i := range n {
		region, k := provinces[i%len(provinces)], i%len(kinds)
		o.Adapters = append(o.Adapters, adapter(i, fmt.Sprintf("%s-%s-%02d", kinds[k], region[:2], i), kinds[k], string(region), roles[k]))
	}
	o.Adapters[n/2] = adapter(n/2, stale, "tmri", "620000", []string{"source", "poll"})
	spoil(o.Adapters)
	o.Flows = flows(o.Adapters)
	return o
}

func adapter(i int, id, kind, region string, roles []string) watch.Adapter {
	since := time.Now().Add(-time.Duration(i%40+1) * 3 * time.Hour)
	a := watch.Adapter{
		ID: id, Kind: kind, Region: region, Roles: roles, BudgetLeft: 0.92 - float64(i%10)/50, Breaker: "closed", LastSuccess: time.Now().Add(-3 * time.Second),
		OwnLatency: watch.Latency{P50: .004, P95: .009, P99: .015}, SourceLatency: watch.Latency{P50: .08, P95: .21 + float64(i%9)/40, P99: .6},
		FiveMinutes: watch.Rate{Tried: 300 + i, Worked: 300 + i}, Hour: watch.Rate{Tried: 4000, Worked: 3990 - i%7}, Day: watch.Rate{Tried: 90000, Worked: 89800 - i},
		Pending: i % 4, OldestUndelivered: float64(i%4) * .6, Version: "1.3", Conformance: time.Now().AddDate(0, 0, -i%30),
		Expiries: []watch.Expiry{{What: "tls-certificate", At: time.Now().AddDate(0, 3, i)}, {What: "secret", At: time.Now().AddDate(0, 8, 0)}},
	}
	for k, name := range []watch.LightName{watch.Configuration, watch.Reachability, watch.Freshness, watch.Contract} {
		a.Lights[k] = watch.Light{Name: name, Colour: watch.Green, Since: since, Seen: time.Now().Add(-4 * time.Second), Why: watch.Text{
			Zh: "近五分钟的调用均成功。", En: "Every call of the last five minutes worked.",
		}}
	}
	return a
}

// spoil gives a few adapters something to show.
func spoil(all []watch.Adapter) {
	n := len(all)
	dark(&all[n/2], watch.Freshness, watch.Light{
		Colour: watch.Red, Since: staleSince(), Layer: watch.LayerData,
		Why:    watch.Text{Zh: "最新一条数据停在 7 小时前，允许 10 分钟。", En: "The newest row is seven hours old; ten minutes are allowed."},
		Advice: watch.Text{Zh: "请甘肃省交管平台检查其更新任务；期间查询按策略标注为过时。", En: "Ask Gansu's traffic platform to look at its update job; answers are marked stale meanwhile."},
	})
	dark(&all[n/3], watch.Reachability, watch.Light{
		Colour: watch.Red, Since: time.Now().Add(-18 * time.Minute), Layer: watch.LayerTLS,
		Why:    watch.Text{Zh: "证书已于 18 分钟前过期。", En: "The certificate expired 18 minutes ago."},
		Advice: watch.Text{Zh: "换上新证书后自动恢复。", En: "Put the new certificate in place; it recovers by itself."},
	})
	all[n/3].FiveMinutes, all[n/3].Breaker, all[n/3].NextProbe = watch.Rate{Tried: 210, Worked: 0}, "open", time.Now().Add(20*time.Second)
	dark(&all[n/4], watch.Configuration, watch.Light{
		Colour: watch.Yellow, Since: time.Now().Add(-26 * time.Hour), Layer: watch.LayerCredential,
		Why:    watch.Text{Zh: "密钥 9 天后到期。", En: "The secret expires in 9 days."},
		Advice: watch.Text{Zh: "向平台申请新密钥并写入密钥文件。", En: "Ask the platform for a new one and put it into the file."},
	})
	all[n/5].Parked, all[n/5].OldestUndelivered, all[n/5].Pending = 500, 412, 88
	for k := range all[n-1].Lights {
		all[n-1].Lights[k] = watch.Light{Name: all[n-1].Lights[k].Name, Colour: watch.Grey, Why: watch.Text{Zh: "尚无观测。", En: "Nothing was observed yet."}}
	}
}

func dark(a *watch.Adapter, name watch.LightName, light watch.Light) {
	for i := range a.Lights {
		if a.Lights[i].Name == name {
			light.Name, light.Seen = name, time.Now().Add(-4*time.Second)
			a.Lights[i] = light
		}
	}
}

// flows lets each receiver hear of changes from a few sources, and two callers ask.
func flows(all []watch.Adapter) []watch.Flow {
	var made []watch.Flow
	for i, from := range all {
		if !slices.Contains(from.Roles, "source") && !slices.Contains(from.Roles, "push") {
			continue
		}
		colour := watch.Green
		if from.Worst() == watch.Red {
			colour = watch.Red
		}
		made = append(made, watch.Flow{From: from.ID, To: []string{"wechat-city", "jiaoguan12123"}[i%2], Kind: "query", PerMinute: float64(i%13) * 21.5, Colour: colour})
		to := all[(i*5+3)%len(all)]
		if slices.Contains(to.Roles, "receiver") {
			made = append(made, watch.Flow{From: from.ID, To: to.ID, Kind: "change", PerMinute: float64(i%5) + .4, Lag: float64(i % 7), Colour: colour})
		}
	}
	return made
}
