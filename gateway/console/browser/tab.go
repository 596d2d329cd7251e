package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// limit bounds one walk. It is never the expected way out.
const limit = 3 * time.Minute

// Tab is one page of a person of his own. It notes whatever no page of ours may do.
type Tab struct {
	context.Context
	t    testing.TB
	base string

	mu      sync.Mutex
	outside []string // requests that left the machine
	errors  []string // of the browser's console
}

// Open opens a tab in a language, for pages below the address base. What no page may do is noted from its beginning on.
func (b *Browser) Open(t testing.TB, base, language string) *Tab {
	t.Helper()
	own, cancel := chromedp.NewContext(b, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &Tab{t: t, base: base}
	if err := chromedp.Listen(own, p.note); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(own, limit)
	t.Cleanup(stop)
	p.Context = ctx
	p.Do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err1 := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		_, err2 := cdp.Call(ctx, tab, log.Enable, cdp.Empty{})
		_, err3 := cdp.Call(ctx, tab, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
		return errors.Join(err1, err2, err3)
	}), chromedp.EmulateViewport(1366, 768))
	return p
}

func (p *Tab) note(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(event.Request.URL, p.base+"/") && !strings.HasPrefix(event.Request.URL, "data:") { // the browser's own pictures
			p.outside = append(p.outside, event.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		p.errors = append(p.errors, event.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		p.errors = append(p.errors, "console."+string(event.Type))
	case *log.EventEntryAdded:
		if event.Entry.Level == log.EntryLevelError || event.Entry.Level == log.EntryLevelWarning {
			p.errors = append(p.errors, event.Entry.Text)
		}
	}
}

// Clean fails the test if a page did what none may do since the last time.
func (p *Tab) Clean() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, url := range p.outside {
		p.t.Errorf("a request left the machine: %s", url)
	}
	for _, text := range p.errors {
		p.t.Errorf("the browser complains: %s", text)
	}
	p.outside, p.errors = nil, nil
}

// Forgive forgets the browser's complaints of an answer that is an error by intent.
func (p *Tab) Forgive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errors = nil
}

// Do does steps that the browser knows.
func (p *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// Visit goes to a page.
func (p *Tab) Visit(path string) {
	p.t.Helper()
	p.Do(chromedp.Navigate(p.base + path))
}

// Click follows a link or sends a form, and waits for the page that comes.
func (p *Tab) Click(selector string) {
	p.t.Helper()
	if _, err := chromedp.RunResponse(p, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.t.Fatal(err)
	}
}

// ClickUntil clicks what a script answers without another page, and waits for the page to make an expression true.
func (p *Tab) ClickUntil(selector, expression string) {
	p.t.Helper()
	p.Do(chromedp.Click(chromedp.CSS(selector)))
	p.Until("!!(" + expression + ")")
}

// Fill puts text where the keyboard would.
func (p *Tab) Fill(selector, text string) {
	p.t.Helper()
	p.Do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Replace replaces the first place of a text in what stands in a field, as somebody who types would.
func (p *Tab) Replace(selector, old, replacement string) {
	p.t.Helper()
	if !Eval[bool](p, fmt.Sprintf(`(()=>{const a=document.querySelector(%q);const had=a.value.includes(%q);a.value=a.value.replace(%q,%q);`+
		`a.dispatchEvent(new Event("input",{bubbles:true}));return had})()`, selector, old, old, replacement)) {
		p.t.Fatalf("%s does not hold %q", selector, old)
	}
}

// Attach chooses a file in a form.
func (p *Tab) Attach(selector, path string) {
	p.t.Helper()
	p.Do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{path}))
}

// Press presses keys, as a person does who has no mouse.
func (p *Tab) Press(keys string) {
	p.t.Helper()
	p.Do(chromedp.KeyEvent(keys))
}

// Text gives what a person reads of an element, "" if it is not there.
func (p *Tab) Text(selector string) string {
	p.t.Helper()
	return strings.TrimSpace(Eval[string](p, fmt.Sprintf("document.querySelector(%q)?.textContent ?? ''", selector)))
}

// Eval evaluates an expression in the page.
func Eval[T any](p *Tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%.80s: %v", expression, err)
	}
	return value
}

// Until waits for the page to make an expression true.
func (p *Tab) Until(expression string) {
	p.t.Helper()
	if _, err := chromedp.Run(p, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(limit))); err != nil {
		p.t.Fatalf("%s: %v; the page says %.600s", expression, err, p.says())
	}
}

// says gives what the page says, as far as it still answers.
func (p *Tab) says() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p), 5*time.Second)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.querySelector('main')?.innerText ?? ''"))
	return text
}
