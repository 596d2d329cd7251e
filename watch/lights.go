package watch

import (
	"slices"
	"time"
)

// limits are the bounds that lights turn at.
type limits struct {
	objective float64       // share of calls that is to work
	slow      time.Duration // of the platform's share, at the 95th percentile
	lag       time.Duration // of the oldest undelivered change
	apart     time.Duration // between the clocks
	soon      time.Duration // before an expiry
}

// configuration: do settings, credentials, certificates and our own storage hold, now and for the days to come?
func (l *look) configuration() verdict {
	what, ends := l.firstExpiry()
	left := ends.Sub(l.now)
	switch {
	case l.disk.failed:
		return red(LayerDisk, l.disk.at, l.disk.detail)
	case what != "" && left <= 0:
		return red(LayerCredential, ends, what)
	case l.failingAt(LayerClock, LayerSignature, LayerCredential):
		v := red(l.lastBad.layer, l.lastBad.at, "")
		v.why = v.why.counted(l.now15)
		return v
	case l.skew.Abs() > l.apart:
		words := faultAt(LayerClock)
		return yellow(LayerClock, l.lastCall.at, words.why.with(l.skew.Round(time.Second).String()), words.advice)
	case what != "" && left < l.soon:
		return yellow(LayerCredential, l.now, bothf("%s 将于 %s 到期", "%s ends on %s", what, ends.Format(time.DateOnly)),
			Text{"现在申请更换", "ask for a new one now"})
	case l.worked():
		return verdict{colour: Green, seen: l.lastSuccess, why: Text{"凭据与证书被平台接受", "the platform accepts credentials and certificates"}}
	}
	return grey()
}

// firstExpiry gives what ends first.
func (l *look) firstExpiry() (what string, ends time.Time) {
	for name, at := range l.expiries {
		if what == "" || at.Before(ends) || at.Equal(ends) && name < what {
			what, ends = name, at
		}
	}
	return what, ends
}

// reachability: does the platform answer?
func (l *look) reachability() verdict {
	switch {
	case l.fresh(l.probe) && l.probe.failed:
		return red(l.probe.layer, l.probe.at, "")
	case l.failingAt(LayerDNS, LayerTCP, LayerTLS, LayerHTTP, LayerTime, LayerNone):
		v := red(l.lastBad.layer, l.lastBad.at, "")
		v.why = v.why.counted(l.now15)
		return v
	case l.breaker.State == "open":
		v := red(l.lastBad.layer, l.lastBad.at, "")
		v.why = v.why.plus(Text{"；熔断器已断开", "; the breaker is open"})
		return v
	}
	return l.reachable()
}

// shaky is the share of calls that must work for a light to be green.
const shaky = 0.95

func (l *look) reachable() verdict {
	p95 := time.Duration(l.source.quantiles(l.now).P95 * float64(time.Second))
	words := faultAt(l.lastBad.layer)
	switch {
	case l.minutes.Tried >= outvoting && l.minutes.Share() < shaky || l.breaker.State == "half-open":
		return yellow(l.lastBad.layer, l.lastBad.at, Text{"部分调用失败", "some calls fail"}.counted(l.minutes).plus(Text{"；", "; "}).plus(words.why), words.advice)
	case p95 > l.slow:
		return yellow(LayerTime, l.lastCall.at, bothf("变慢：95%% 的应答在 %s 之内", "slow: 95%% of the answers come within %s", p95.Round(time.Millisecond)), faultAt(LayerTime).advice)
	case l.worked():
		return verdict{colour: Green, seen: l.lastSuccess, why: Text{"平台应答", "the platform answers"}}
	case l.fresh(l.probe):
		return verdict{colour: Green, seen: l.probe.at, why: Text{"能建立连接；五分钟内没有调用", "it takes connections; nothing was asked in five minutes"}}
	}
	return grey()
}

// freshness: is what it says, or was told, recent enough?
func (l *look) freshness() verdict {
	switch {
	case l.backlog.Off:
		return red(LayerData, l.backlogAt, "off")
	case l.fresh(l.errand) && l.errand.failed:
		v := red(LayerData, l.errand.at, "")
		v.why = Text{"探针变更未按时到达", "the canary's change did not arrive in time"}
		return v
	case l.data.old(l.now) || l.polledOld():
		return red(LayerData, l.data.seen, "")
	case l.backlog.Lag > l.lagBound():
		return red(LayerData, l.backlogAt, l.backlog.Lag.Round(time.Second).String())
	case l.backlog.Lag > l.lagBound()/5:
		return yellow(LayerData, l.backlogAt, bothf("最早的变更已等待 %s", "the oldest change has waited for %s", l.backlog.Lag.Round(time.Second)), faultAt(LayerData).advice)
	}
	if seen := l.freshSeen(); !seen.IsZero() && l.now.Sub(seen) <= fiveMinutes {
		return verdict{colour: Green, seen: seen, why: Text{"数据足够新", "the data is recent enough"}}
	}
	return grey()
}

// lagBound is how long a change may wait; a platform that is told in batches has a longer one of its own.
func (l *look) lagBound() time.Duration {
	if l.backlog.Bound > 0 {
		return l.backlog.Bound
	}
	return l.lag
}

func (l *look) polledOld() bool {
	for _, covered := range l.covered {
		if covered.old(l.now) {
			return true
		}
	}
	return false
}

// freshSeen gives the newest observation of freshness.
func (l *look) freshSeen() time.Time {
	seen := []time.Time{l.data.seen, l.backlogAt, l.errand.at}
	for _, covered := range l.covered {
		seen = append(seen, covered.seen)
	}
	return slices.MaxFunc(seen, time.Time.Compare)
}

// contract: does it answer as its interface document says, with the right values?
func (l *look) contract() verdict {
	switch {
	case l.fresh(l.value) && l.value.failed:
		return red(LayerValue, l.value.at, l.value.detail)
	case l.failingAt(LayerFormat):
		v := red(LayerFormat, l.lastBad.at, "")
		v.why = v.why.counted(l.now15)
		return v
	case l.backlog.Parked > 0:
		return yellow(LayerFormat, l.backlogAt, bothf("拒收并搁置 %d 条变更", "%d changes were refused for good and are parked", l.backlog.Parked),
			Text{"查看搁置的原因，修正后重发（zhengqiao changes parked）", "see why they are parked, mend it and replay them (zhengqiao changes parked)"})
	case l.fresh(l.lastBad) && l.lastBad.layer == LayerFormat:
		words := faultAt(LayerFormat)
		return yellow(LayerFormat, l.lastBad.at, Text{"五分钟内有应答无法读取", "an answer of the last five minutes could not be read"}, words.advice)
	case l.fresh(l.value):
		return verdict{colour: Green, seen: l.value.at, why: Text{"探针驾驶证的值正确", "the canary licence's values are right"}}
	case l.worked():
		return verdict{colour: Green, seen: l.lastSuccess, why: Text{"应答可读；没有探针核对其值", "answers can be read; no canary compares their values"}}
	}
	return grey()
}
