package browser

import (
	"context"
	"errors"
	"os/exec"

	"github.com/chromedp/chromedp"
)

// ErrNone says that this machine has no Chromium.
var ErrNone = errors.New("no chromium on this machine")

// Browser is one running Chromium, for many tabs.
type Browser struct {
	context.Context
	ends []func()
}

// Launch starts one.
func Launch() (*Browser, error) {
	path, err := chromiumPath()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", false), chromedp.WindowSize(1366, 768))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	started, end := chromedp.NewContext(allocator)
	b := &Browser{started, []func(){end, stop}}
	return b, chromedp.Do(started)
}

// Close ends it.
func (b *Browser) Close() {
	for _, end := range b.ends {
		end()
	}
}

func chromiumPath() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}
