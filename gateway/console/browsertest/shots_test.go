package browsertest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/zhengqiao/zhengqiao/gateway/console/browser"
)

// firstPaint is when something was first to be seen, in milliseconds after the page was asked for; -1 if the browser doesn't say.
const firstPaint = `Promise.race([new Promise(r => setTimeout(() => r(-1), 5000)), new Promise(r => new PerformanceObserver(
	l => l.getEntriesByName("first-contentful-paint").forEach(e => r(e.startTime))).observe({type: "paint", buffered: true}))])`

// TestScreenshots draws the pages into the folder SCREENSHOTS; `make screenshots` calls it.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		t.Skip("SCREENSHOTS names no folder")
	}
	d := newDesk(t)
	d.park(t, 60, refuse)
	d.park(t, 30, unknown)
	w := serve(t, adapters(100), d, d.rig.Records)
	for _, language := range []string{"zh-CN", "en"} {
		p := open(t, w, language)
		shown := paths()
		shown["preview"] = "/changes/freeze?platform=wechat&code=no-such-record"
		for _, name := range slices.Sorted(maps.Keys(shown)) {
			for _, size := range [][2]int64{{1366, 768}, {1920, 1080}} {
				p.Do(chromedp.EmulateViewport(size[0], size[1]))
				p.Visit(shown[name])
				picture, err := chromedp.Run(p, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%s %s %d: first paint after %.0f ms", name, language, size[0], browser.Eval[float64](p, firstPaint))
				file := filepath.Join(folder, fmt.Sprintf("console-%s-%s-%d.png", name, language, size[0]))
				if err := os.WriteFile(file, picture, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		p.Clean()
	}
}
