package watch

import (
	"slices"
	"time"
)

// verdict is what a light is to show.
type verdict struct {
	colour Colour
	layer  Layer
	seen   time.Time
	why    Text
	advice Text
}

func red(layer Layer, seen time.Time, detail string) verdict {
	words := faultAt(layer)
	return verdict{Red, layer, seen, words.why.with(detail), words.advice}
}

func yellow(layer Layer, seen time.Time, why, advice Text) verdict {
	return verdict{Yellow, layer, seen, why, advice}
}

func nothingSeen() Text { return Text{"尚无观测", "nothing was observed"} }

func grey() verdict {
	return verdict{colour: Grey, why: nothingSeen(), advice: Text{"配置一个探针（canaries），或等待真实调用", "configure a canary (canaries), or wait for real calls"}}
}

// look is one look at a subject: the figures that its lights are judged by. The subject's mu is held.
type look struct {
	*subject
	limits
	now       time.Time
	disk      observation
	breaker   Breaker
	now15     Rate // calls of the last seconds
	traffic15 Rate // those of them that are no canary's
	minutes   Rate // of the last five minutes
}

func (s *subject) look(now time.Time, l limits, disk observation, b Breaker) look {
	now15 := s.all.minutes.sum(now, recent)
	return look{
		subject: s, limits: l, now: now, disk: disk, breaker: b, now15: now15,
		traffic15: now15.minus(s.asked.minutes.sum(now, recent)), minutes: s.all.minutes.sum(now, fiveMinutes),
	}
}

// fresh reports whether an observation is of the last five minutes.
func (l *look) fresh(o observation) bool { return !o.at.IsZero() && l.now.Sub(o.at) <= fiveMinutes }

// outvoting is how many good calls outvote a canary that failed.
const outvoting = 5

// failing says whether calls fail now: over half of those of the last seconds, or the last canary, unless real calls outvote it, or the
// last call if there was none in the last seconds.
func (l *look) failing() bool {
	switch {
	case l.now15.failing() || l.traffic15.failing():
		return true
	case l.fresh(l.canary) && l.canary.failed:
		return l.traffic15.Tried < outvoting
	}
	return l.now15.Tried == 0 && l.fresh(l.lastCall) && l.lastCall.failed
}

// failingAt says whether calls fail at one of the layers.
func (l *look) failingAt(layers ...Layer) bool {
	return l.failing() && slices.Contains(layers, l.lastBad.layer)
}

// worked reports whether a call worked in the last five minutes.
func (l *look) worked() bool {
	return !l.lastSuccess.IsZero() && l.now.Sub(l.lastSuccess) <= fiveMinutes
}

// judge gives the four verdicts. While over half of the calls fail none of them is green, whatever it rests on by itself.
func (l *look) judge() [4]verdict {
	verdicts := [4]verdict{l.configuration(), l.reachability(), l.freshness(), l.contract()}
	for i := range verdicts {
		if verdicts[i].colour == Green {
			verdicts[i] = l.capped(verdicts[i])
		}
	}
	return verdicts
}

func (l *look) capped(v verdict) verdict {
	words := faultAt(l.lastBad.layer)
	switch {
	case l.now15.failing() || l.now15.Tried == 0 && l.failing():
		v.colour, v.why = Grey, bothf("调用多数失败，无法证明：%s", "can't be shown while most calls fail: %s", "").plus(words.why)
		v.advice = words.advice
	case l.minutes.failing():
		v.colour, v.why = Yellow, Text{"刚恢复，五分钟内多数调用失败", "it works again; most calls of the last five minutes failed"}.counted(l.minutes)
		v.advice = Text{"继续观察五分钟", "watch it for five minutes"}
	}
	return v
}

// plus puts one text behind another.
func (t Text) plus(other Text) Text { return Text{t.Zh + other.Zh, t.En + other.En} }

// turned puts the verdicts into the lights, which remember since when they have their colour.
func turned(lights [4]Light, now time.Time, verdicts [4]verdict) [4]Light {
	for i, v := range verdicts {
		light := &lights[i]
		if light.Colour != v.colour || light.Since.IsZero() {
			light.Since = now
		}
		light.Colour, light.Layer, light.Seen, light.Why, light.Advice = v.colour, v.layer, v.seen, v.why, v.advice
	}
	return lights
}
