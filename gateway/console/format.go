package console

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
)

// none stands where there is nothing to show.
const none = "—"

// clock gives a moment in China's time, to the second.
func clock(t time.Time) string {
	if t.IsZero() {
		return none
	}
	return t.In(exchange.Shanghai()).Format("2006-01-02 15:04:05")
}

// iso is a moment for programs (RFC 3339), as in the datetime of an element time.
func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// short shortens an id or a digest for a table.
func short(text string) string {
	if runes := []rune(text); len(runes) > 12 {
		return string(runes[:12]) + "…"
	}
	return text
}

// Ago says how long ago something was, at the moment of the page.
func (v *Visit) Ago(t time.Time) string {
	if t.IsZero() {
		return none
	}
	if t.After(v.Now) {
		return fmt.Sprintf(v.Language.Pick("%s后", "in %s"), v.Language.span(t.Sub(v.Now)))
	}
	return fmt.Sprintf(v.Language.Pick("%s前", "%s ago"), v.Language.span(v.Now.Sub(t)))
}

// span says a duration by its two largest units.
func (l Language) span(d time.Duration) string {
	d = d.Abs()
	units := []struct {
		size   time.Duration
		zh, en string
	}{{24 * time.Hour, "天", "d"}, {time.Hour, "小时", "h"}, {time.Minute, "分", "min"}, {time.Second, "秒", "s"}}
	for i, unit := range units {
		if d < unit.size {
			continue
		}
		text := l.amount(int64(d/unit.size), unit.zh, unit.en)
		if i+1 < len(units) {
			if rest := int64(d % unit.size / units[i+1].size); rest > 0 {
				text += " " + l.amount(rest, units[i+1].zh, units[i+1].en)
			}
		}
		return text
	}
	return l.amount(0, "秒", "s")
}

func (l Language) amount(n int64, zh, en string) string {
	return strconv.FormatInt(n, 10) + " " + l.Pick(zh, en)
}

// seconds says a number of seconds; nothing waits at 0.
func (l Language) seconds(s float64) string {
	switch {
	case s <= 0 || math.IsNaN(s):
		return none
	case s < 1:
		return l.Pick("不足 1 秒", "under 1 s")
	}
	return l.span(time.Duration(math.Min(s, math.MaxInt32) * float64(time.Second)))
}

// milliseconds says a latency, given in seconds.
func milliseconds(s float64) string {
	switch {
	case s <= 0 || math.IsNaN(s):
		return none
	case s < 0.01:
		return strconv.FormatFloat(s*1000, 'f', 1, 64) + " ms"
	case s < 10:
		return strconv.FormatFloat(s*1000, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(s, 'f', 1, 64) + " s"
}

// percent says what share worked. It never rounds up to 100 %.
func percent(r watch.Rate) string {
	if r.Tried == 0 {
		return none
	}
	tenths := math.Floor(1000 * float64(r.Worked) / float64(r.Tried))
	if tenths == 1000 {
		return "100 %"
	}
	return strconv.FormatFloat(tenths/10, 'f', 1, 64) + " %"
}

// count groups a number's digits by thousands.
func count(n any) string {
	text := fmt.Sprint(n)
	if len(text) < 5 {
		return text
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// perMinute says a rate.
func perMinute(n float64) string {
	if n > 0 && n < 10 {
		return strconv.FormatFloat(n, 'f', 1, 64)
	}
	return count(int64(math.Round(n)))
}

// budget says what part of an error budget is left; below zero it is overdrawn.
func budget(left float64) string { return strconv.FormatFloat(100*left, 'f', 0, 64) + " %" }

// share gives what part of a whole is done, in percent.
func share(done, whole int) int {
	if whole <= 0 {
		return 100
	}
	return min(100, 100*done/whole)
}

// brief says seconds where room is short.
func brief(s float64) string {
	switch {
	case s < 600:
		return strconv.Itoa(int(s)) + " s"
	case s < 2*60*60:
		return strconv.Itoa(int(s/60)) + " min"
	}
	return strconv.Itoa(int(s/60/60)) + " h"
}
