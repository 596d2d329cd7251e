package config_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

func TestPollsAreChecked(t *testing.T) {
	t.Parallel()
	for poll, want := range map[string]string{
		"{source: nobody, mode: requery, tier: daily, quota: {perSecond: 1}}":                                                             `polls\[0\].source: "nobody" names no source`,
		"{source: tmri, mode: push, quota: {perSecond: 1}}":                                                                               `polls\[0\].mode: want incremental or requery`,
		"{source: tmri, mode: requery, quota: {perSecond: 1}}":                                                                            `polls\[0\]: tier or every is required`,
		"{source: tmri, mode: requery, tier: hourly, quota: {perSecond: 1}}":                                                              `polls\[0\].tier: want realtime`,
		"{source: tmri, mode: incremental, tier: daily, quota: {perSecond: 1}}":                                                           `polls\[0\].tier: is for mode requery`,
		"{source: tmri, mode: requery, tier: daily, overlap: 1m, quota: {perSecond: 1}}":                                                  `polls\[0\]: overlap, since and rows`,
		"{source: tmri, mode: incremental, every: 10ms, quota: {perSecond: 1}}":                                                           `polls\[0\].every: must not be below 1s`,
		"{source: tmri, mode: incremental, rows: -1, quota: {perSecond: 1}}":                                                              `polls\[0\]: overlap and rows`,
		"{source: tmri, mode: incremental}":                                                                                               `polls\[0\].quota: perSecond must be above 0`,
		"{source: tmri, mode: incremental, quota: {perSecond: 1, perDay: -1}}":                                                            `polls\[0\].quota: perSecond must be above 0`,
		"{source: tmri, mode: incremental, region: \"1\", quota: {perSecond: 1}}":                                                         `polls\[0\].region: want a province`,
		"{source: tmri, mode: incremental, aspects: [status, name], quota: {perSecond: 1}}":                                               `polls\[0\].aspects\[1\]: want status`,
		"{source: tmri, mode: incremental, quota: {perSecond: 1}}\n  - {source: tmri, mode: incremental, quota: {perSecond: 1}}":          `polls\[1\]: the source is polled in this mode already`,
		"{source: tmri, mode: incremental, quota: {perSecond: 1}}\n  - {source: tmri, mode: requery, tier: daily, quota: {perSecond: 2}}": `polls\[1\].quota: another poll of this source`,
	} {
		_, err := config.Load(write(t, strings.ReplaceAll(good, "tmri-sh", "tmri")+"\nchanges: {gateway: gateway-a}\npolls:\n  - "+poll+"\n"), nil)
		if err == nil || !regexp.MustCompile(`line \d+: `+want).MatchString(err.Error()) {
			t.Errorf("%s: got %v", poll, err)
		}
	}
	_, err := config.Load(write(t, good+"\npolls:\n  - {source: tmri-sh, mode: incremental, quota: {perSecond: 1}}\n"), nil)
	if err == nil || !strings.Contains(err.Error(), "changes.gateway is required") {
		t.Errorf("without changes: %v", err)
	}
}

func TestPollsHaveDefaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		poll config.Poll
		want time.Duration
	}{
		{config.Poll{}, 5 * time.Second}, {config.Poll{Tier: "realtime"}, 5 * time.Second}, {config.Poll{Tier: "daily"}, 24 * time.Hour},
		{config.Poll{Tier: "weekly"}, 168 * time.Hour}, {config.Poll{Tier: "daily", Every: time.Hour}, time.Hour},
	} {
		if got := c.poll.Period(); got != c.want {
			t.Errorf("%+v: %s", c.poll, got)
		}
	}
	if got := (&config.Poll{}).Lateness(); got != 2*time.Minute {
		t.Errorf("overlap %s", got)
	}
}
