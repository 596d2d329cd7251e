package browsertest

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/zhengqiao/zhengqiao/gateway/console/browser"
	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// workshop tries the shipped policies out, in this process: that a child is bounded is tested where that is. It has one example.
type workshop struct {
	files publish.Files
	input string
}

const asked = "wechat-city · self-query · licence.query"

func newWorkshop(t testing.TB) workshop {
	t.Helper()
	draft, err1 := policies.ReadDraft(policies.Embedded(), smcrypto.NewSM3)
	files, err2 := publish.FromFolder(policies.Embedded())
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for _, one := range tryout.Examples(draft) {
		if one.Name == asked {
			input, err := tryout.Document(&one.Request)
			if err != nil {
				t.Fatal(err)
			}
			return workshop{files, input}
		}
	}
	t.Fatal("no such example")
	return workshop{}
}

func (w workshop) Sources() (string, map[string]string) {
	texts := map[string]string{}
	for path, content := range w.files {
		texts[path] = string(content)
	}
	return revision, texts
}

func (w workshop) Examples(context.Context) []playground.Example {
	return []playground.Example{{ID: "granted-0", Group: playground.Granted, Name: asked, Input: w.input}}
}

func (w workshop) Try(ctx context.Context, c playground.Change) ([]byte, error) {
	changed := maps.Clone(w.files)
	for path, text := range c.Files {
		changed[path] = []byte(text)
	}
	what := map[playground.What]tryout.What{playground.Whole: tryout.Whole}[c.What]
	o := tryout.Run(ctx, w.files.FS(), changed.FS(), tryout.Attempt{What: what, Input: c.Input, Matrix: 5}, smcrypto.NewSM3)
	return json.Marshal(o)
}

// hide takes points out of the first purpose, self-query, as somebody who types would.
const hide = `{const a=document.querySelector("textarea[name=text]");a.value=a.value.replace("mayDrive, points,","mayDrive,");` +
	`a.dispatchEvent(new Event("input",{bubbles:true}))};0`

// A field is hidden for one purpose: the result follows what is typed, the matrix says for whom else, and a mistake is named by its line.
func TestHideAField(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := serve(t, adapters(10), d, d.rig.Records)
	for language, words := range map[string][]string{"zh-CN": {"允许", "看到更少", "策略有误"}, "en": {"Allowed", "sees less", "not in order"}} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := open(t, w, language)
			p.Visit("/playground")
			p.Until("document.querySelector('#shown')?.textContent.includes('points')")
			if got := p.Text(".verdict"); !strings.Contains(got, words[0]) {
				t.Errorf("as in force: %s", got)
			}
			browser.Eval[int](p, hide)
			p.Until("document.querySelector('#withheld')?.textContent.includes('points')")
			p.Click("button[value=whole]")
			if got := p.Text("#matrix"); !strings.Contains(got, words[1]) || !strings.Contains(got, "self-query") {
				t.Errorf("the matrix: %s", got)
			}
			if !strings.Contains(browser.Eval[string](p, "document.querySelector('textarea[name=text]').value"), "mayDrive,\n") {
				t.Error("what was typed is gone")
			}
			p.Do(chromedp.SendKeys(chromedp.CSS("textarea[name=text]"), "\n  x: [\n"))
			p.Until("document.querySelector('.findings code')?.textContent.startsWith('data/purposes.yaml:')")
			if got := p.Text("#result .problem"); !strings.Contains(got, words[2]) || p.Text("#matrix") != "" {
				t.Errorf("a mistake: %s", got)
			}
			p.Clean()
		})
	}
}
