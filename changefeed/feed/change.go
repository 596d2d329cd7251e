package feed

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Change is one change as a platform is told of it.
type Change struct {
	Number   uint64           `json:"-"`                   // its place in the feed, from 1
	Licence  string           `json:"licence"`             // the licence's key, a pseudonym
	Version  uint64           `json:"version"`             // of what stands; with the licence it makes the change idempotent
	Events   []exchange.Event `json:"events"`              // what changed, oldest first; none: what stands is said again
	Fields   json.RawMessage  `json:"fields,omitempty"`    // what stands: an object in the order of the field table; nil in a thin feed
	Masked   []exchange.Field `json:"masked,omitempty"`    // those of the fields that are shown in part
	Region   exchange.Region  `json:"region"`              // province that keeps the licence
	Happened time.Time        `json:"happenedAt,omitzero"` // at its reporter; zero without events
	Origin   string           `json:"origin"`              // who said it first
	Via      []string         `json:"via"`                 // gateways that it passed through, the last one last
}

// changeOf leaves out who the licence's holder is: a feed names nobody.
func changeOf(notice *exchange.Notice, content Content) (Change, error) {
	c := Change{
		Licence: notice.Licence, Version: notice.Version, Events: notice.Events, Region: notice.Region, Origin: notice.Origin,
		Via: slices.Clone(notice.Via),
	}
	if len(notice.Events) > 0 { // alone, the time would tell of a change that is hidden
		c.Happened = notice.Happened.UTC()
	}
	if content != Full {
		return c, nil
	}
	var err error
	c.Fields, err = object(notice.Fields)
	for _, field := range notice.Fields {
		if field.Masked {
			c.Masked = append(c.Masked, field.Name)
		}
	}
	return c, err
}

// object writes the fields in their order, which a map would lose.
func object(fields exchange.Disclosed) (json.RawMessage, error) {
	text := []byte{'{'}
	for i, field := range fields {
		name, err := json.Marshal(field.Name)
		if err != nil {
			return nil, fmt.Errorf("encode a field's name: %w", err)
		}
		value, err := json.Marshal(field.Value)
		if err != nil {
			return nil, fmt.Errorf("encode field %s: %w", field.Name, err)
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(append(text, name...), ':'), value...)
	}
	return append(text, '}'), nil
}
