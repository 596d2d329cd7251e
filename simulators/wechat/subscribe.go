package wechat

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// message is what a mini program sends to a citizen. A member that is not listed is refused.
type message struct {
	ToUser     string           `json:"touser"`
	TemplateID string           `json:"template_id"`
	Page       string           `json:"page"`
	State      string           `json:"miniprogram_state"`
	Lang       string           `json:"lang"`
	Data       map[string]value `json:"data"`
}

type value struct {
	Value string `json:"value"`
}

// messages counts what was sent, by openid and template.
type messages struct {
	mu   sync.Mutex
	sent map[string]int
}

// use counts one message and tells whether the citizen had asked for it.
func (m *messages) use(key string, allowed int) (number int, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sent == nil {
		m.sent = map[string]int{}
	}
	if m.sent[key] >= allowed {
		return 0, false
	}
	m.sent[key]++
	return m.sent[key], true
}

// subscribe takes a message. It has no key: the same again is a second message.
func (p *platform) subscribe(call standin.Call, appID string) standin.Reply {
	var sent message
	if holding.Strict(call.Body, &sent) != nil {
		return fail(call, errorParameter, "data format error")
	}
	idNumber, known := p.citizen(appID, sent.ToUser)
	keys, template := p.config.Templates[appID][sent.TemplateID]
	switch {
	case !known:
		return fail(call, errorOpenID, "invalid openid")
	case !template:
		return fail(call, errorTemplate, "invalid template_id")
	case sent.Page != "" && !slices.Contains(p.config.Pages, sent.Page):
		return fail(call, errorPage, "invalid page")
	}
	if broken := sent.broken(keys); broken != "" {
		return fail(call, errorValue, "argument invalid! data."+broken+".value invalid")
	}
	number, asked := p.messages.use(sent.ToUser+" "+sent.TemplateID, p.config.Allowed)
	if !asked {
		return fail(call, errorUnsubscribed, "user refuse to accept the msg")
	}
	p.book.Take(holding.Copy{
		Licence: sent.ToUser, IDNumber: idNumber, Version: uint64(number), Fields: sent.texts(), Learned: call.Now,
	})
	return fail(call, 0, "ok")
}

// citizens knows everybody by openid. The data set has the same people from its beginning to its end.
type citizens struct {
	mu    sync.Mutex
	byApp map[string]map[string]string // identity number by app, then openid
}

// citizen finds whom a mini program knows by an openid.
func (p *platform) citizen(appID, openID string) (idNumber string, known bool) {
	c := &p.citizens
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byApp == nil {
		c.byApp = map[string]map[string]string{}
	}
	if c.byApp[appID] == nil {
		c.byApp[appID] = map[string]string{}
		for _, person := range p.registry.All() {
			c.byApp[appID][OpenID(appID, person.IDNumber)] = person.IDNumber
		}
	}
	idNumber, known = c.byApp[appID][openID]
	return idNumber, known
}

func (m message) texts() map[string]string {
	texts := map[string]string{}
	for key, value := range m.Data {
		texts[key] = value.Value
	}
	return texts
}

// broken names the first key that the template lacks or misses, or whose value breaks its kind's limit.
func (m message) broken(keys []string) string {
	for _, key := range slices.Sorted(maps.Keys(m.Data)) {
		if !slices.Contains(keys, key) || !allowed(strings.TrimRight(key, "0123456789"), m.Data[key].Value) {
			return key
		}
	}
	for _, key := range keys {
		if _, given := m.Data[key]; !given {
			return key
		}
	}
	return ""
}

// allowed holds a value against the limits that WeChat publishes for the kinds of a template's keys.
func allowed(kind, text string) bool {
	length := utf8.RuneCountInString(text)
	only := func(is func(rune) bool) bool {
		return strings.IndexFunc(text, func(r rune) bool { return !is(r) }) < 0
	}
	switch kind {
	case "thing":
		return length > 0 && length <= 20
	case "number":
		return length > 0 && length <= 32 && only(func(r rune) bool { return r >= '0' && r <= '9' })
	case "character_string":
		return length > 0 && length <= 32 && only(func(r rune) bool { return r < unicode.MaxASCII })
	case "phrase":
		return length > 0 && length <= 5 && only(func(r rune) bool { return unicode.Is(unicode.Han, r) })
	case "time":
		return strings.Contains(text, ":")
	case "date":
		return strings.Contains(text, "年") && strings.Contains(text, "月") && strings.Contains(text, "日")
	}
	return false
}
