package wechat

import (
	"context"
	"log/slog"
	"strconv"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const subscribePath = "/cgi-bin/message/subscribe/send"

// subscribe tells citizens themselves, by a message that they asked for.
type subscribe struct {
	api
	appID    string
	template TemplateConfig
	contacts outbound.Contacts
	logger   *slog.Logger
}

var _ exchange.ChangeReceiver = (*subscribe)(nil)

// message is a subscribe message.
type message struct {
	ToUser   string           `json:"touser"`
	Template string           `json:"template_id"`
	Page     string           `json:"page,omitempty"`
	State    string           `json:"miniprogram_state"`
	Lang     string           `json:"lang"`
	Data     map[string]datum `json:"data"`
}

// Apply sends the message. A citizen who is not bound is NoRecord; one who asked for no message, SourceRefused, as is everything that
// WeChat refuses for good. It is never repeated by itself: a message has no key by which WeChat would know it again.
func (s *subscribe) Apply(ctx context.Context, notice exchange.Notice) error {
	data, err := s.template.fill(notice)
	if err != nil {
		return err
	}
	id, err := s.contacts.Find(ctx, s.appID, notice.Subject)
	if err != nil {
		return err
	}
	key := notice.Licence + "/" + strconv.FormatUint(notice.Version, 10)
	if err := s.contacts.Take(ctx, s.appID, id, s.template.ID, key); err != nil {
		return err
	}
	_, no, err := s.post(ctx, subscribePath, message{id, s.template.ID, s.template.Page, s.template.State, s.template.Lang, data}, false)
	if err != nil || no == nil {
		return err
	}
	return s.settle(ctx, id, no)
}

// settle does what a refusal asks for beyond failing.
func (s *subscribe) settle(ctx context.Context, id string, no *refusal) error {
	if no.ours() {
		s.logger.LogAttrs(ctx, slog.LevelError, "wechat refuses the template: mend the configuration",
			slog.String("template", s.template.ID), slog.String("errcode", no.code))
	}
	if no.code == errorOpenID {
		if err := s.contacts.Drop(ctx, s.appID, id); err != nil {
			return exchange.Errorf(no.err.Code, "%w; and the contact could not be dropped: %w", no.err, err)
		}
	}
	return no.err
}
