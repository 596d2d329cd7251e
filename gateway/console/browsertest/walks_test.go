package browsertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/feedtest"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console/browser"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Among a hundred adapters the stale province is on the first screen, with since when, and one click shows why and what to do.
func TestFindTheStaleProvince(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	shown := adapters(100)
	p := open(t, serve(t, shown, d, d.rig.Records), "zh-CN")
	p.Visit("/")
	since := sinceOf(t, shown).In(exchange.Shanghai()).Format(time.DateTime)
	row := fmt.Sprintf("[...document.querySelectorAll('.troubles tr')].find(r=>r.textContent.includes(%q))", stale)
	text := browser.Eval[string](p, row+".textContent")
	for _, want := range []string{"故障", "甘肃省", "数据新鲜度", since, "7 小时"} {
		if !strings.Contains(text, want) {
			t.Errorf("the row lacks %s: %s", want, text)
		}
	}
	if bottom := browser.Eval[float64](p, row+".getBoundingClientRect().bottom"); bottom > 768 {
		t.Errorf("it ends at %.0f, below the first screen", bottom)
	}
	p.Click(fmt.Sprintf(".troubles a[href='/adapters/%s']", stale))
	if got := p.Text(".light-red"); !strings.Contains(got, "7 小时前") || !strings.Contains(got, "甘肃省交管平台") {
		t.Errorf("the adapter's page says %s", got)
	}
	p.Visit("/adapters?q=%E7%94%98%E8%82%83&colour=red")
	if got := browser.Eval[int](p, "document.querySelectorAll('.adapters tbody tr').length"); got != 1 {
		t.Errorf("the filter leaves %d", got)
	}
	p.Clean()
}

// The page follows what happens without being asked, and says so when it can't.
func TestPagesFollow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := serve(t, adapters(100), d, d.rig.Records)
	p := open(t, w, "en")
	p.Visit("/adapters/" + stale)
	p.Until("document.getElementById('pulse').classList.contains('on')")
	w.change(stale, func(a *watch.Adapter) { a.Lights[2].Colour, a.Lights[2].Why.En = watch.Green, "It is fresh again." })
	p.Until("document.getElementById('live-adapter').textContent.includes('It is fresh again.')")
	p.Clean()
}

// Of 2,000 parked deliveries exactly the 500 of one reason are told again: not one of the others, and not one that was parked after the
// preview, however often that is loaded anew.
func TestReplayTheRight500Of2000(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.park(t, 1000, refuse)
	d.park(t, 500, unknown)
	d.park(t, 500, refuse)
	p := open(t, serve(t, adapters(100), d, d.rig.Records), "zh-CN")
	p.Visit("/changes/parked?platform=wechat")
	if got := p.Text(".sub b"); got != "2000" {
		t.Fatalf("%s are parked", got)
	}
	p.Fill("input[name=code]", string(exchange.NoRecord))
	p.Click("button[formaction='/changes/freeze']")
	d.park(t, 7, unknown)
	p.Do(chromedp.Reload())
	if got := p.Text("#count"); got != "500" {
		t.Fatalf("the preview shows %s", got)
	}
	told := make(chan string, 2100)
	d.wechat.React(func(n exchange.Notice) error { told <- n.Licence; return nil })
	p.Fill("textarea[name=reason]", "平台已补录这些人员")
	p.Fill("input[name=perSecond]", "1000")
	p.Click("form[action='/changes/replay'] button:not([formaction])")
	p.Until("document.getElementById('delivered')?.textContent === '500'")
	for range 500 {
		if licence := <-told; licence < feedtest.Licence(1000) || licence >= feedtest.Licence(1500) {
			t.Fatalf("%s was told again", licence)
		}
	}
	left, total, err := d.Parked(feedtest.Context(t), changefeed.Selection{Reason: exchange.NoRecord}, 10)
	if err != nil || total != 7 || len(left) != 7 || len(told) != 0 {
		t.Errorf("%d of the reason are left, %d told beside; %v", total, len(told), err)
	}
	if orders := d.rig.Records.Of(repair.OrderReplay); len(orders) != 1 || orders[0].Purpose.MatterName != "平台已补录这些人员" || orders[0].Purpose.Operator != "local" {
		t.Errorf("recorded %+v", orders)
	}
	p.Clean()
}

// A form that was given a wider preview than its visitor saw is refused, and nothing is told.
func TestWidenedReplayIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.park(t, 5, unknown)
	w := serve(t, adapters(10), d, d.rig.Records)
	p := open(t, w, "zh-CN")
	p.Visit("/changes/freeze?platform=wechat")
	d.park(t, 4, unknown)
	wider, err := d.Preview(feedtest.Context(t), changefeed.Selection{Platform: "wechat"})
	if err != nil || wider.Count != 9 {
		t.Fatalf("%+v, %v", wider, err)
	}
	preview := browser.Eval[string](p, "location.href")
	for name, change := range map[string]string{
		"another token": fmt.Sprintf("f.preview.value=%q", wider.Token), "another count": "f.count.value='9'",
		"both": fmt.Sprintf("f.preview.value=%q;f.count.value='9'", wider.Token), "no seal": "f.seal.value=''",
	} {
		p.Visit(strings.TrimPrefix(preview, w.url))
		browser.Eval[int](p, "{const f=document.querySelector('form[action=\"/changes/replay\"]').elements;"+change+"};0")
		p.Fill("textarea[name=reason]", "try")
		p.Click("form[action='/changes/replay'] button:not([formaction])")
		if got := p.Text(".problem"); !strings.Contains(got, "不一致") {
			t.Errorf("%s: the page says %s", name, got)
		}
		p.Forgive()
	}
	if jobs := d.Jobs(); len(jobs) != 0 || len(d.rig.Records.Of(repair.OrderReplay)) != 0 {
		t.Errorf("something began: %+v", jobs)
	}
	p.Clean()
}

// Without a mouse: the first tab stop skips to the content, every stop can be seen, and a filter works by keys alone.
func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := open(t, serve(t, adapters(100), d, d.rig.Records), "zh-CN")
	p.Visit("/adapters")
	p.Press(kb.Tab)
	if got := browser.Eval[string](p, "document.activeElement.className"); got != "skip" {
		t.Errorf("the first stop is %s", got)
	}
	p.Press(kb.Enter)
	p.Until("location.hash === '#main'")
	p.Press(kb.Tab)
	if got := browser.Eval[string](p, "document.activeElement.name"); got != "q" {
		t.Fatalf("the first stop of the content is %s", got)
	}
	p.Press("甘肃")
	if _, err := chromedp.RunResponse(p, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	if got := p.Text(".adapters tbody th a"); got == "" || !strings.Contains(p.Text(".adapters tbody"), "甘肃省") {
		t.Errorf("the filter shows %s", got)
	}
	for range 12 {
		p.Press(kb.Tab)
		if !browser.Eval[bool](p, "(()=>{const s=getComputedStyle(document.activeElement);return document.activeElement===document.body||s.outlineStyle!=='none'&&parseFloat(s.outlineWidth)>=2})()") {
			t.Errorf("no focus to be seen on %s", browser.Eval[string](p, "document.activeElement.outerHTML.slice(0,80)"))
		}
	}
	p.Clean()
}

// A page says in time that it is not live any more.
func TestLostConnectionIsSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := serve(t, adapters(10), d, d.rig.Records)
	p := open(t, w, "zh-CN")
	p.Visit("/")
	p.Until("document.getElementById('pulse').classList.contains('on')")
	w.end()
	p.Until("document.getElementById('pulse').classList.contains('lost')")
	if got := p.Text("#pulse"); !strings.Contains(got, "已中断") {
		t.Errorf("the header says %s", got)
	}
}

// sinceOf gives when the stale province's freshness turned red.
func sinceOf(t *testing.T, o watch.Overview) time.Time {
	t.Helper()
	for _, adapter := range o.Adapters {
		if adapter.ID == stale {
			return adapter.Lights[2].Since
		}
	}
	t.Fatalf("no adapter %s", stale)
	return time.Time{}
}
