package app_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// ownReceiver finds what the demo says of 浙里办 as a receiver.
var ownReceiver = regexp.MustCompile(`(?s)  - id: zheliban\n    kind: zheliban\n    region: "330000"\n    settings:\n      irs:.*?forbids loopback\n`)

// amongReceivers replaces that by something else.
func amongReceivers(t *testing.T, text, other string) string {
	t.Helper()
	receivers := strings.Index(text, "\nreceivers:\n")
	changed := text[:receivers] + ownReceiver.ReplaceAllLiteralString(text[receivers:], other)
	if changed == text {
		t.Fatal("the demo's configuration has no such receiver")
	}
	return changed
}

// webhookFor is what the demo says of its webhook, for 浙里办.
func webhookFor(t *testing.T, text string) string {
	t.Helper()
	webhook := regexp.MustCompile(`(?s)  - id: thirdparty-mini\n    kind: webhook\n.*?forbids loopback\n`).FindString(text)
	if webhook == "" {
		t.Fatal("the demo's configuration has no webhook")
	}
	return strings.NewReplacer("thirdparty-mini", "zheliban", "000000", "330000").Replace(webhook)
}

// tells gives the change of a receiver among those that a reload tells.
func tells(t *testing.T, s *reloadStage, text, id string) config.Change {
	t.Helper()
	s.write(t, text)
	changes, err := s.Reload()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(changes, func(c config.Change) bool { return c.Section == "receivers" && c.ID == id })
	if at < 0 {
		t.Fatalf("told was %v", changes)
	}
	return changes[at]
}

// told waits until a receiver was told of something, whatever it answered.
func (s *reloadStage) told(t *testing.T, id string, times int) {
	t.Helper()
	delivery := regexp.MustCompile(`zhengqiao_changes_deliveries_total\{outcome="[^"]*",platform="` + id + `"\} [1-9]`)
	look, late := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer look.Stop()
	for {
		_, text := get(t, s.OpsURL()+"/metrics")
		if len(delivery.FindAllString(text, -1)) >= times {
			return
		}
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("%s was not told", id)
		}
	}
}

// lit gives the roles of an adapter that has lights.
func (s *reloadStage) lit(id string) []string {
	for _, adapter := range s.Overview().Adapters {
		if adapter.ID == id {
			return adapter.Roles
		}
	}
	return nil
}

// A receiver goes by a reload, and is told no more while the others are; it comes back in another format, with lights and a connection
// test, and gets what it missed. Nothing of it waits for a restart.
func TestReceiversComeAndGoByReload(t *testing.T) {
	t.Parallel()
	s := newReloadStage(t)
	opened := s.Opened()
	if gone := tells(t, s, amongReceivers(t, s.text, ""), "zheliban"); gone.Kind != config.Removed || gone.Restart {
		t.Errorf("told was %v", gone)
	}
	if s.Opened() >= opened || slices.Contains(s.lit("zheliban"), "receiver") {
		t.Errorf("what was behind it is open, or has lights: %v", s.lit("zheliban"))
	}
	if reply, err := s.caller(t, "suishenban-1", "suishenban.key.pem").Report(t.Context(), change("r-1", "310000", 0)); err != nil || !reply.OK() {
		t.Fatalf("reported: %v %+v", err, reply)
	}
	s.told(t, "suihaoban", 1)
	if _, text := get(t, s.OpsURL()+"/metrics"); regexp.MustCompile(`deliveries_total\{outcome="[^"]*",platform="zheliban"`).MatchString(text) {
		t.Error("who is gone was told")
	}

	other := amongReceivers(t, s.text, webhookFor(t, s.text))
	if back := tells(t, s, other, "zheliban"); back.Kind != config.Added || back.Restart {
		t.Errorf("told was %v", back)
	}
	s.told(t, "zheliban", 1)
	if !slices.Contains(s.lit("zheliban"), "receiver") {
		t.Errorf("it has no lights: %v", s.lit("zheliban"))
	}
	if _, err := s.TestConnection(t.Context(), "zheliban"); err != nil {
		t.Errorf("it can't be tested: %v", err)
	}

	before := s.Behind("zheliban")
	if own := tells(t, s, s.text, "zheliban"); own.Restart || s.Behind("zheliban") == before {
		t.Errorf("another format: told was %v", own)
	}
	before = s.Behind("zheliban")
	if settings := tells(t, s, strings.Replace(s.text, "/licence/held\n", "/licence/kept\n", 1), "zheliban"); settings.Restart || s.Behind("zheliban") == before {
		t.Errorf("other settings: told was %v", settings)
	}
}

// The list of who fetches its changes itself is opened by a start.
func TestAFeedWaitsForARestart(t *testing.T) {
	t.Parallel()
	s := newReloadStage(t)
	before := s.Behind("zheliban")
	feed := amongReceivers(t, s.text, "  - {id: zheliban, kind: feed, region: \"330000\"}\n")
	if waits := tells(t, s, feed, "zheliban"); !waits.Restart || s.Behind("zheliban") != before {
		t.Errorf("told was %v", waits)
	}
}

// A receiver that can't be made leaves all as it is.
func TestAReceiverThatCannotBeMadeIsRefused(t *testing.T) {
	t.Parallel()
	s := newReloadStage(t)
	opened := s.Opened()
	s.write(t, strings.Replace(s.text, "\nreceivers:\n", "\nreceivers:\n  - {id: wechat-mini, kind: webhook, region: \"000000\", settings: {nonsense: 1}}\n", 1))
	if _, err := s.Reload(); err == nil || s.Opened() != opened {
		t.Errorf("taken: %v, %d parts are open, %d were", err, s.Opened(), opened)
	}
}
