package wechat

import (
	"context"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// cityService tells 城市服务 the state of licences (W2). The interface has no purpose fields.
type cityService struct {
	api
	statusPath, heldPath string
}

var (
	_ exchange.ChangeReceiver = (*cityService)(nil)
	_ exchange.ChangeHolder   = (*cityService)(nil)
)

// status is a change as 城市服务 takes it. (out_key, version) makes it idempotent.
type status struct {
	Key     string            `json:"out_key"` // the licence's key, a pseudonym
	Version uint64            `json:"version"`
	Cert    certificate       `json:"cert_info"`
	Changed int64             `json:"change_time,omitempty"` // seconds; only beside changes
	Changes []changed         `json:"changes"`
	Licence map[string]string `json:"licence"`
	Masked  []string          `json:"masked"`
}

// certificate is whose licence it is, as in WeChat's face check.
type certificate struct {
	Type   string `json:"cert_type"`
	Number string `json:"cert_no"`
}

type changed struct {
	Kind   exchange.EventKind `json:"type"`
	Letter string             `json:"status,omitempty"`
}

func statusOf(notice exchange.Notice) (status, error) {
	written := status{
		Key: notice.Licence, Version: notice.Version, Cert: certificate{"IDENTITY_CARD", notice.Subject.IDNumber.Reveal()},
		Changes: []changed{}, Licence: map[string]string{}, Masked: []string{},
	}
	if len(notice.Events) > 0 {
		written.Changed = notice.Happened.Unix()
	}
	for _, event := range notice.Events {
		written.Changes = append(written.Changes, changed(event))
	}
	for _, field := range notice.Fields {
		name, text, ok := memberOf(field)
		if !ok {
			return status{}, exchange.Errorf(exchange.Internal, "no member holds the field %s", field.Name)
		}
		written.Licence[name] = text
		if field.Masked {
			written.Masked = append(written.Masked, name)
		}
	}
	slices.Sort(written.Masked)
	return written, nil
}

// memberOf writes a field as 城市服务 names it.
func memberOf(field exchange.DisclosedField) (name, text string, ok bool) {
	known := true
	switch field.Name {
	case "status", "classes", "validity", "points":
		name = string(field.Name)
	case "mayDrive":
		name = "may_drive"
	case "validUntil":
		name = "valid_until"
	case "longTerm":
		name = "long_term"
	case "cardNumber":
		name = "card_no"
	case "issuedOn":
		name = "issue_date"
	case "replacements":
		name = "replace_count"
	case "cycleEnd":
		name = "cycle_end"
	default:
		known = false
	}
	text, fits := row.Text(field.Value)
	return name, text, known && fits
}

// Apply sends the state. It may be sent twice: 城市服务 knows by key and version what it has.
func (s *cityService) Apply(ctx context.Context, notice exchange.Notice) error {
	written, err := statusOf(notice)
	if err != nil {
		return err
	}
	body, no, err := s.post(ctx, s.statusPath, written, true)
	if err != nil {
		return err
	}
	if no != nil {
		return no.err
	}
	var receipt struct {
		Key     string  `json:"out_key"`
		Version *uint64 `json:"version"`
	}
	if json.Unmarshal(body, &receipt) != nil {
		receipt.Version = nil
	}
	return row.CheckReceipt(notice, receipt.Key, receipt.Version)
}
