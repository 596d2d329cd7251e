package changefeed

import (
	"context"
	"fmt"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// deliveryRecord is the evidence of what a platform was told. It has all that the decision read, so that it can be made again.
func (c *Config) deliveryRecord(e *endpoint, change *Known, n *exchange.Notice, d *exchange.Decision) *exchange.Record {
	record := &exchange.Record{
		ID: fmt.Sprintf("%s-%d", e.Platform, change.Revision), Time: c.Clock().UTC(), Operation: exchange.ChangeDelivery, Platform: e.Platform,
		Region: n.Region, Subject: n.Licence, Purpose: e.Purpose, Outcome: OutcomeDelivered, Revision: d.Revision, Rules: d.Rules,
		Source: n.Origin, AsOf: n.Happened, Wanted: d.About(), FileNumber: n.Subject.FileNumber != "",
		SubjectAge: n.Subject.IDNumber.BirthDate().FullYears(exchange.Today(c.Clock())),
	}
	for _, field := range n.Fields {
		record.Disclosed = append(record.Disclosed, field.Name)
		if field.Masked {
			record.Masked = append(record.Masked, field.Name)
		}
	}
	for _, withheld := range d.Withheld {
		record.Withheld = append(record.Withheld, exchange.WithheldCode{Field: withheld.Field, Code: withheld.Code})
	}
	return record
}

// parkedRecord is the evidence of what a platform refused.
func (c *Config) parkedRecord(p *Parked, purpose exchange.Purpose) *exchange.Record {
	return &exchange.Record{
		ID: fmt.Sprintf("%s-%d", p.Platform, p.Revision), Time: c.Clock().UTC(), Operation: exchange.ChangeDelivery, Platform: p.Platform,
		Subject: p.Licence, Purpose: purpose, Outcome: string(p.Reason), Attempts: []exchange.Attempt{{Source: p.Platform, Outcome: string(p.Reason)}},
	}
}

// recordAction is the evidence of what an operator did.
func (c *Config) recordAction(ctx context.Context, op exchange.Operation, p *Parked, by Action, outcome string) error {
	now := c.Clock().UTC()
	_, err := durable(ctx, c.Recorder, &exchange.Record{
		ID: fmt.Sprintf("%s-%s-%d", op, p.Platform, now.UnixMicro()), Time: now, Operation: op, Platform: p.Platform, Subject: p.Licence,
		Purpose: exchange.Purpose{Operator: by.Operator, MatterName: by.Reason}, Outcome: outcome,
	})
	return err
}

// The operator's actions, as records name them.
const (
	changeReplay  exchange.Operation = "changes.replay"
	changeSkip    exchange.Operation = "changes.skip"
	changeEnable  exchange.Operation = "changes.enable"
	changeDisable exchange.Operation = "changes.disable"
)
