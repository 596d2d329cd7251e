package webhook_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestEvents compares events to the byte.
func TestEvents(t *testing.T) {
	t.Parallel()
	quiet := sample(t)
	quiet.Events = nil
	bare := sample(t)
	bare.Fields = nil
	for name, c := range map[string]struct {
		content, id string
		notice      exchange.Notice
	}{
		"thin":         {"", "6f1d0c9a5b7e/7", sample(t)},
		"full":         {webhook.ContentFull, "6f1d0c9a5b7e/7/4703a178f67b45f9", sample(t)},
		"quiet":        {webhook.ContentThin, "6f1d0c9a5b7e/7", quiet},
		"full-nothing": {webhook.ContentFull, "6f1d0c9a5b7e/7/e3b0c44298fc1c14", bare},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, receiver := posting(t, c.content, nil, oneKey(t), outbound.Deps{})
			if err := receiver.Changes.Apply(t.Context(), c.notice); err != nil {
				t.Fatal(err)
			}
			header, body := box.last()
			want, err := os.ReadFile(filepath.Join("testdata", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(body, bytes.TrimSuffix(want, []byte("\n"))) {
				t.Errorf("got  %s\nwant %s", body, want)
			}
			if header.Get("Webhook-Id") != c.id || header.Get("Content-Type") != "application/cloudevents+json" {
				t.Errorf("header %v, want id %s", header, c.id)
			}
		})
	}
}

// TestSpecificationShowsWhatIsSent keeps the example as it is.
func TestSpecificationShowsWhatIsSent(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile(filepath.Join("testdata", "thin.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(specification(t), string(example)) {
		t.Error("docs/webhook.md does not show testdata/thin.json")
	}
}

// TestThinEventsHoldNoField looks for every value and every name in what a thin receiver gets.
func TestThinEventsHoldNoField(t *testing.T) {
	t.Parallel()
	box, receiver := posting(t, "", nil, oneKey(t), outbound.Deps{})
	notice := sample(t)
	if err := receiver.Changes.Apply(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	_, body := box.last()
	for _, hidden := range []string{"fields", "masked", "3101***", "2030-06-30", "A2", `"points"`, "暂扣", notice.Subject.Name, notice.Subject.IDNumber.Reveal()} {
		if strings.Contains(string(body), hidden) {
			t.Errorf("a thin event holds %q", hidden)
		}
	}
}

// TestIDs: the same message has the same id, another has another.
func TestIDs(t *testing.T) {
	t.Parallel()
	shaped := sample(t)
	shaped.Fields = slices.Clone(shaped.Fields[1:])
	newer := sample(t)
	newer.Version++
	for _, content := range []string{webhook.ContentThin, webhook.ContentFull} {
		box, receiver := posting(t, content, nil, oneKey(t), outbound.Deps{})
		var ids []string
		for _, notice := range []exchange.Notice{sample(t), sample(t), shaped, newer} {
			_ = receiver.Changes.Apply(t.Context(), notice) // the last one gets another version's receipt
			header, _ := box.last()
			ids = append(ids, header.Get("Webhook-Id"))
		}
		if ids[0] != ids[1] || (ids[2] != ids[0]) != (content == webhook.ContentFull) || ids[3] == ids[0] {
			t.Errorf("%s: ids %q", content, ids)
		}
	}
}

func TestNoticesThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*exchange.Notice){
		"a licence's key with a full stop": func(n *exchange.Notice) { n.Licence = "a.b" },
		"a licence's key with a blank":     func(n *exchange.Notice) { n.Licence = "a b" },
		"a licence's key beyond ASCII":     func(n *exchange.Notice) { n.Licence = "证" },
		"no gateway":                       func(n *exchange.Notice) { n.Via = nil },
		"an origin that is no text":        func(n *exchange.Notice) { n.Origin = "\xff" },
		"a field that is no text":          func(n *exchange.Notice) { n.Fields = exchange.Disclosed{{Name: "points", Value: "\xff"}} },
		"a field that JSON can't hold":     func(n *exchange.Notice) { n.Fields = exchange.Disclosed{{Name: "points", Value: func() {}}} },
	} {
		box, receiver := posting(t, webhook.ContentFull, nil, oneKey(t), outbound.Deps{})
		notice := sample(t)
		change(&notice)
		if err := receiver.Changes.Apply(t.Context(), notice); exchange.CodeOf(err) != exchange.Internal || len(box.bodies) != 0 {
			t.Errorf("%s: error %v, %d posted", name, err, len(box.bodies))
		}
	}
}
