package browsertest

import (
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/gateway/console/browser"
)

// chromium is one browser for all tests.
var chromium = sync.OnceValues(func() (*browser.Browser, error) {
	b, err := browser.Launch()
	if err == nil {
		launched <- b
	}
	return b, err
})

// launched has the browser, if it was started, for the end.
var launched = make(chan *browser.Browser, 1)

func TestMain(m *testing.M) {
	code := m.Run()
	select {
	case b := <-launched:
		b.Close()
	default:
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			println(err.Error())
			code = 1
		}
	}
	os.Exit(code)
}

// tab is one page of a person of his own.
type tab = browser.Tab

func open(t testing.TB, w *world, language string) *tab {
	t.Helper()
	b, err := chromium()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return b.Open(t, w.url, language)
}
