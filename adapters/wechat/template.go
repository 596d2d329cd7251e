package wechat

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TemplateConfig is a template of the mini program (我的模板), as its console shows it.
type TemplateConfig struct {
	// ID is template_id.
	ID string `yaml:"id"`
	// Page is where a tap leads, such as pages/licence/index. Default: the message can't be tapped.
	Page string `yaml:"page"`
	// State is miniprogram_state: formal, trial or developer. Default formal.
	State string `yaml:"state"`
	// Lang is the mini program's language: zh_CN, zh_HK, zh_TW or en_US. Default zh_CN.
	Lang string `yaml:"lang"`
	// Data says what each of the template's keys holds, such as thing1: change. The keys' kinds are thing, phrase, number,
	// character_string, time and date. To choose from: change (what changed, in words), happened (when), status, mayDrive, points,
	// validUntil, cycleEnd, replacements.
	Data map[string]string `yaml:"data"`
}

func (c TemplateConfig) filled() TemplateConfig {
	c.State, c.Lang = cmp.Or(c.State, "formal"), cmp.Or(c.Lang, "zh_CN")
	return c
}

func (c TemplateConfig) validate() error {
	failures := []error{
		require(c.ID != "", "template.id", "missing"), require(len(c.Data) > 0, "template.data", "missing"),
		require(slices.Contains([]string{"formal", "trial", "developer"}, c.State), "template.state", "want formal, trial or developer"),
		require(slices.Contains([]string{"zh_CN", "zh_HK", "zh_TW", "en_US"}, c.Lang), "template.lang", "want zh_CN, zh_HK, zh_TW or en_US"),
	}
	for _, key := range slices.Sorted(maps.Keys(c.Data)) {
		kind, ok := kindOf(key)
		failures = append(failures, require(ok, "template.data."+key, "want a key such as thing1"))
		if ok {
			failures = append(failures, require(suits(kind, c.Data[key]), "template.data."+key, "its kind can't hold that"))
		}
	}
	return errors.Join(failures...)
}

// kindOf gives the kind of a template's key: thing for thing1.
func kindOf(key string) (kind string, ok bool) {
	kind = strings.TrimRight(key, "0123456789")
	number, err := strconv.ParseUint(key[len(kind):], 10, 8)
	known := slices.Contains([]string{"thing", "phrase", "number", "character_string", "time", "date"}, kind)
	return kind, known && err == nil && number > 0
}

// suits says which contents a kind may hold at all.
func suits(kind, content string) bool {
	switch content {
	case "change", "status", "mayDrive":
		return kind == "thing" || kind == "phrase"
	case "points", "replacements":
		return kind == "thing" || kind == "number" || kind == "character_string"
	case "validUntil", "cycleEnd":
		return kind == "thing" || kind == "date"
	case "happened":
		return kind == "thing" || kind == "time" || kind == "date"
	}
	return false
}

// datum is one value of a message.
type datum struct {
	Value string `json:"value"`
}

// fill gives the message's data. What policy doesn't show reads 请打开小程序查看, where the kind can hold that; else the
// message can't be sent, which is SourceRefused.
func (c TemplateConfig) fill(notice exchange.Notice) (map[string]datum, error) {
	data := make(map[string]datum, len(c.Data))
	for key, content := range c.Data {
		kind, _ := kindOf(key)
		value, fits := fit(kind, contents(content, notice))
		if !fits {
			return nil, exchange.Errorf(exchange.SourceRefused, "the template's %s can't hold %s as this notice shows it", key, content)
		}
		data[key] = datum{value}
	}
	return data, nil
}
