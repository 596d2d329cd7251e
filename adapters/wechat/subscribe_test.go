package wechat_test

import (
	"errors"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/wechat"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	weixin "github.com/zhengqiao/zhengqiao/simulators/wechat"
)

// messenger is a receiver of the channel subscribe with its stand-in.
type messenger struct {
	t        *testing.T
	server   *standin.Server
	receiver *exchange.Receiver
	known    *contacts
	notice   exchange.Notice
}

func messages(t *testing.T, known *contacts, allowed int, change func(*wechat.Config)) *messenger {
	t.Helper()
	people := registry(t)
	m := &messenger{t: t, server: start(t, people, allowed, moment), known: known}
	listener := httptest.NewServer(m.server)
	t.Cleanup(listener.Close)
	config := settings(listener.URL, wechat.ChannelSubscribe)
	change(&config)
	receiver, err := open(config, adaptertest.RightCredential, outbound.Deps{Clock: moment, Contacts: known})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = receiver.Close() })
	m.receiver, m.notice = receiver, adaptertest.Sample(subject(t, people), moment())
	return m
}

func (m *messenger) breaks(setting fault.Fault) {
	m.t.Helper()
	if err := m.server.Faults().Set(setting); err != nil {
		m.t.Fatal(err)
	}
}

func (m *messenger) wants(what string, notice exchange.Notice, want exchange.Code, sent int) {
	m.t.Helper()
	if err := m.receiver.Changes.Apply(m.t.Context(), notice); exchange.CodeOf(err) != want {
		m.t.Errorf("%s: error %v, want %q", what, err, want)
	}
	if got := m.server.Calls()[weixin.OperationSubscribe]; got != sent {
		m.t.Errorf("%s: %d calls for a message, want %d", what, got, sent)
	}
}

func unchanged(*wechat.Config) {}

func TestOneCreditIsOneMessage(t *testing.T) {
	t.Parallel()
	m := messages(t, &contacts{credits: 1}, 1, unchanged)
	m.breaks(fault.Fault{Kind: fault.ServerError, Operation: weixin.OperationSubscribe, Times: 2})
	m.wants("down", m.notice, exchange.SourceDown, 1)
	m.wants("down again: the credit is this message's", m.notice, exchange.SourceDown, 2)
	m.wants("up", m.notice, "", 3)
	next := m.notice
	next.Version++
	m.wants("the next one has no credit", next, exchange.SourceRefused, 3)
}

func TestWhatTheCitizenDidNotAskForIsNeverTriedAgain(t *testing.T) {
	t.Parallel()
	m := messages(t, &contacts{credits: 2}, 1, unchanged)
	m.wants("first", m.notice, "", 1)
	next := m.notice
	next.Version++
	m.wants("43101", next, exchange.SourceRefused, 2)
}

func TestNobodyToTell(t *testing.T) {
	t.Parallel()
	unbound := exchange.Errorf(exchange.NoRecord, "the citizen is not bound")
	m := messages(t, &contacts{err: unbound}, 0, unchanged)
	m.wants("not bound", m.notice, exchange.NoRecord, 0)
	if calls := m.server.Calls(); len(calls) != 0 {
		t.Errorf("WeChat was asked: %v", calls)
	}
}

func TestAnOpenIDThatIsNobodysIsDropped(t *testing.T) {
	t.Parallel()
	known := &contacts{credits: 1}
	m := messages(t, known, 0, unchanged)
	m.breaks(fault.Fault{Kind: fault.Business, Code: "40003", Operation: weixin.OperationSubscribe, Times: 1})
	m.wants("40003", m.notice, exchange.SourceRefused, 1)
	want := weixin.OpenID(appID, m.notice.Subject.IDNumber.Reveal())
	if len(known.dropped) != 1 || known.dropped[0] != want {
		t.Errorf("dropped %q", known.dropped)
	}
}

func TestATokenThatStaysBadIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"40001", "42001", "40014"} {
		m := messages(t, &contacts{credits: 1}, 0, unchanged)
		m.breaks(fault.Fault{Kind: fault.Business, Code: code, Operation: weixin.OperationSubscribe})
		m.wants(code, m.notice, exchange.SourceRefused, 2)
		if tokens := m.server.Calls()[weixin.OperationToken]; tokens != 2 {
			t.Errorf("%s: %d tokens", code, tokens)
		}
	}
}

func TestAQuotaSaysWhen(t *testing.T) {
	t.Parallel()
	m := messages(t, &contacts{credits: 1}, 0, unchanged)
	m.breaks(fault.Fault{Kind: fault.Business, Code: "45009", Operation: weixin.OperationSubscribe, Times: 1})
	failure, ok := errors.AsType[*exchange.Error](m.receiver.Changes.Apply(t.Context(), m.notice))
	if !ok || failure.Code != exchange.SourceDown || failure.RetryAfter != 10*time.Minute {
		t.Errorf("error %+v", failure)
	}
}

// TestATemplateThatCannotBeFilledSendsNothing: neither a message nor a credit is spent on it.
func TestATemplateThatCannotBeFilledSendsNothing(t *testing.T) {
	t.Parallel()
	known := &contacts{credits: 1}
	m := messages(t, known, 0, unchanged)
	notice := m.notice
	notice.Fields = exchange.Disclosed{{Name: "mayDrive", Value: exchange.MayDriveNo}}
	m.wants("points are hidden", notice, exchange.SourceRefused, 0)
	if len(known.taken) != 0 {
		t.Error("a credit was spent")
	}
}

func TestHiddenValuesSayWhereToLook(t *testing.T) {
	t.Parallel()
	m := messages(t, &contacts{credits: 1}, 0, func(c *wechat.Config) {
		c.Template.Data = map[string]string{"thing1": "status", "phrase3": "mayDrive"}
		c.Template.ID = "T-2"
	})
	notice := m.notice
	notice.Fields = exchange.Disclosed{{Name: "points", Value: 12}}
	m.wants("neither is shown", notice, "", 1)
	held, _ := m.server.Told(notice.Subject.IDNumber.Reveal())
	if want := map[string]string{"thing1": "请打开小程序查看", "phrase3": "请查看"}; !maps.Equal(held.Fields, want) {
		t.Errorf("the message reads %v, want %v", held.Fields, want)
	}
}

func TestSubscribeNeedsContacts(t *testing.T) {
	t.Parallel()
	_, err := open(settings("https://example.test", wechat.ChannelSubscribe), adaptertest.RightCredential, outbound.Deps{})
	if err == nil || !strings.Contains(err.Error(), "channel") {
		t.Errorf("error %v", err)
	}
}

func TestConfigNamesTheBadKey(t *testing.T) {
	t.Parallel()
	data := func(key, content string) func(*wechat.Config) {
		return func(c *wechat.Config) { c.Template.Data = map[string]string{key: content} }
	}
	for _, c := range []struct {
		key    string
		change func(*wechat.Config)
	}{
		{"channel", func(c *wechat.Config) { c.Channel = "" }},
		{"url", func(c *wechat.Config) { c.URL = "https://example.test/cgi-bin" }},
		{"appId", func(c *wechat.Config) { c.AppID = "" }},
		{"secret", func(c *wechat.Config) { c.Secret = "" }},
		{"template.id", func(c *wechat.Config) { c.Template.ID = "" }},
		{"template.state", func(c *wechat.Config) { c.Template.State = "beta" }},
		{"template.lang", func(c *wechat.Config) { c.Template.Lang = "zh" }},
		{"template.data", func(c *wechat.Config) { c.Template.Data = nil }},
		{"template.data.thing", data("thing", "change")},
		{"template.data.name1", data("name1", "change")},
		{"template.data.number1", data("number1", "change")},
		{"template.data.time1", data("time1", "validUntil")},
		{"template.data.thing1", data("thing1", "idNumber")},
		{"statusPath", func(c *wechat.Config) { c.Channel, c.StatusPath = wechat.ChannelCityService, "status?x=1" }},
		{"heldPath", func(c *wechat.Config) { c.Channel, c.HeldPath = wechat.ChannelCityService, "//host/held" }},
		{"attempts", func(c *wechat.Config) { c.HTTP.Attempts = 99 }},
	} {
		config := settings("https://example.test", wechat.ChannelSubscribe)
		c.change(&config)
		_, err := open(config, adaptertest.RightCredential, outbound.Deps{Contacts: &contacts{}})
		if err == nil || !strings.Contains(err.Error(), c.key) {
			t.Errorf("%s: error %v", c.key, err)
		}
	}
}
