package browsertest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

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
				p.do(chromedp.EmulateViewport(size[0], size[1]))
				p.visit(shown[name])
				t.Logf("%s %s %d: first paint after %.0f ms", name, language, size[0],
					eval[float64](p, "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"))
				picture, err := chromedp.Run(p, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(folder, fmt.Sprintf("console-%s-%s-%d.png", name, language, size[0]))
				if err := os.WriteFile(file, picture, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		p.clean()
	}
}
