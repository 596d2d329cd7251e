package grafana_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/zhengqiao/zhengqiao/deploy/grafana"
)

// TestFilesAreFresh holds the committed files to the table they are made from.
func TestFilesAreFresh(t *testing.T) {
	t.Parallel()
	for _, language := range grafana.Languages() {
		want, err := grafana.Dashboard(language)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile("dashboards/zhengqiao-" + language + ".json"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what go generate makes: %v", language, err)
		}
	}
}

// TestPanelsHaveTheirPlace finds panels that lie over one another, bear one id, or lack a title or a query.
func TestPanelsHaveTheirPlace(t *testing.T) {
	t.Parallel()
	for _, language := range grafana.Languages() {
		text, err := grafana.Dashboard(language)
		if err != nil {
			t.Fatal(err)
		}
		var model struct {
			Panels []struct {
				ID      int
				Type    string
				Title   string
				GridPos struct{ X, Y, W, H int }
				Targets []struct{ Expr string }
			}
		}
		if err := json.Unmarshal(text, &model); err != nil {
			t.Fatal(err)
		}
		taken, ids := map[[2]int]int{}, map[int]bool{}
		for _, panel := range model.Panels {
			if panel.Title == "" || ids[panel.ID] || panel.Type != "row" && len(panel.Targets) == 0 {
				t.Errorf("panel %d %q: no title, no query, or an id twice", panel.ID, panel.Title)
			}
			ids[panel.ID] = true
			for x := range panel.GridPos.W {
				for y := range panel.GridPos.H {
					cell := [2]int{panel.GridPos.X + x, panel.GridPos.Y + y}
					if other := taken[cell]; other != 0 || cell[0] >= 24 {
						t.Fatalf("panels %d and %d share %v", other, panel.ID, cell)
					}
					taken[cell] = panel.ID
				}
			}
		}
		if len(model.Panels) < 25 {
			t.Errorf("only %d panels", len(model.Panels))
		}
	}
}
