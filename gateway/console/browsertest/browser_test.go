package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"go.uber.org/goleak"
)

// limit bounds one walk. It is never the expected way out.
const limit = 2 * time.Minute

// chromium is one browser for all tests; nil: there is none on this machine.
var chromium = sync.OnceValues(start)

// closing ends the browser, if it was started.
var closing []func()

func start() (context.Context, error) {
	path, err := chromiumPath()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", false), chromedp.WindowSize(1366, 768))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	browser, end := chromedp.NewContext(allocator)
	closing = append(closing, end, stop)
	return browser, chromedp.Do(browser)
}

func chromiumPath() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no chromium on this machine")
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range closing {
		end()
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			println(err.Error())
			code = 1
		}
	}
	os.Exit(code)
}

// tab is one page of a person of his own. It notes whatever no page of ours may do.
type tab struct {
	context.Context
	t     testing.TB
	world *world

	mu      sync.Mutex
	outside []string // requests that left the machine
	errors  []string // of the browser's console
}

// open opens a tab in a language. What no page may do is noted from its beginning on.
func open(t testing.TB, w *world, language string) *tab {
	t.Helper()
	browser, err := chromium()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	own, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &tab{t: t, world: w}
	if err := chromedp.Listen(own, p.note); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(own, limit)
	t.Cleanup(stop)
	p.Context = ctx
	p.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err1 := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		_, err2 := cdp.Call(ctx, tab, log.Enable, cdp.Empty{})
		_, err3 := cdp.Call(ctx, tab, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
		return errors.Join(err1, err2, err3)
	}), chromedp.EmulateViewport(1366, 768))
	return p
}

func (p *tab) note(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(event.Request.URL, p.world.url+"/") && !strings.HasPrefix(event.Request.URL, "data:") { // the browser's own pictures
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

// clean fails the test if a page did what none may do since the last time.
func (p *tab) clean() {
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

// forgive forgets the browser's complaints of an answer that is an error by intent.
func (p *tab) forgive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errors = nil
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p, steps...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) visit(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.world.url + path))
}

// click follows a link or sends a form, and waits for the page that comes.
func (p *tab) click(selector string) {
	p.t.Helper()
	if _, err := chromedp.RunResponse(p, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.t.Fatal(err)
	}
}

// fill puts text where the keyboard would.
func (p *tab) fill(selector, text string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// press presses keys, as a person does who has no mouse.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// text gives what a person reads of an element, "" if it is not there.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return strings.TrimSpace(eval[string](p, fmt.Sprintf("document.querySelector(%q)?.textContent ?? ''", selector)))
}

// eval evaluates an expression in the page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%.80s: %v", expression, err)
	}
	return value
}

// until waits for the page to make an expression true.
func (p *tab) until(expression string) {
	p.t.Helper()
	if _, err := chromedp.Run(p, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
}
