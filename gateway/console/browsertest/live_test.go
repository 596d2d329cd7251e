package browsertest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/console/browser"
	"github.com/zhengqiao/zhengqiao/watch"
)

const isLive = "document.getElementById('pulse').classList.contains('on')"

// What a visitor opened stays open while what is in it and around it goes on, and his keyboard stays where it was.
func TestOpenDetailsFollow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := serve(t, adapters(100), d, d.rig.Records)
	p := open(t, w, "en")
	p.Visit("/")
	p.Until(isLive)
	browser.Eval[int](p, "{const s=document.querySelector('#live-overview summary');s.click();s.focus()};0")
	w.change(stale, func(a *watch.Adapter) { a.Lights[2].Why.En = "Nobody answers there." })
	p.Until("document.getElementById('live-overview').textContent.includes('Nobody answers there.')")
	if !browser.Eval[bool](p, "document.querySelector('#live-overview details').open && document.activeElement.localName === 'summary'") {
		t.Error("it was closed, or left")
	}
	p.Clean()
}

// Where somebody writes nothing is taken from him, and the header does not say that the page is of now.
func TestWriterIsLeftAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := serve(t, adapters(100), d, d.rig.Records)
	p := open(t, w, "en")
	p.Visit("/")
	p.Until(isLive)
	browser.Eval[int](p, "{const i=document.createElement('input');document.getElementById('live-overview').append(i);i.focus()};0")
	was := p.Text("#pulse time")
	w.change(stale, func(a *watch.Adapter) { a.Lights[2].Why.En = "Nobody answers there." })
	p.Until("document.getElementById('pulse').textContent.includes('while you write')")
	if browser.Eval[bool](p, isLive) || p.Text("#pulse time") != was || browser.Eval[string](p, "document.activeElement.localName") != "input" {
		t.Errorf("the header says %s", p.Text("#pulse"))
	}
	p.Clean()
}

// A page that nobody sees holds no connection, and looks at once when somebody comes back.
func TestHiddenPagesHoldNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := serve(t, adapters(100), d, d.rig.Records)
	p := open(t, w, "en")
	p.Visit("/")
	p.Until(isLive)
	<-w.opened
	show := func(how string) {
		browser.Eval[int](p, "Object.defineProperty(document,'visibilityState',{value:'"+how+"',configurable:true});document.dispatchEvent(new Event('visibilitychange'));0")
	}
	show("hidden")
	<-w.closed
	w.change(stale, func(a *watch.Adapter) { a.Lights[2].Why.En = "Nobody answers there." })
	show("visible")
	p.Until("document.getElementById('live-overview').textContent.includes('Nobody answers there.')")
	p.Clean()
}

// A page for which there is no place says so, and not that the gateway is lost.
func TestBusyIsNotLost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := serve(t, adapters(10), d, d.rig.Records)
	p := open(t, w, "en")
	entered, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Transport{}
	answer, err := client.RoundTrip(entered)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	for range 64 {
		asked, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		asked.AddCookie(answer.Cookies()[0])
		stream, err := client.RoundTrip(asked)
		if err != nil || stream.StatusCode != http.StatusOK {
			t.Fatal(stream, err)
		}
		t.Cleanup(func() { stream.Body.Close() })
	}
	p.Visit("/")
	p.Until("document.getElementById('pulse').textContent.includes('Too many pages')")
	if lost := browser.Eval[bool](p, "document.getElementById('pulse').classList.contains('lost')"); lost || strings.Contains(p.Text("#pulse"), "live") {
		t.Errorf("the header says %s", p.Text("#pulse"))
	}
	p.Forgive()
}
