package account

import (
	"context"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// Of gives the account of a recorded decision. ok is false if the record is of none: nothing was decided, or not on a query.
func Of(ctx context.Context, by *policies.Engine, record *exchange.Record) (account exchange.Account, ok bool) {
	in, ok := impact.FromRecord(record)
	if !ok || in.Announcement() || record.Operation == exchange.ChangeDelivery {
		return exchange.Account{}, false
	}
	account = exchange.Account{
		ID: record.ID, At: record.Time, Operation: record.Operation, Region: record.Region, Purpose: record.Purpose.Code, Outcome: record.Outcome,
		Allowed: len(record.Reasons) == 0, Revision: record.Revision, Assurance: record.Assurance,
		Shown: slices.Clone(record.Disclosed), Masked: slices.Clone(record.Masked),
	}
	for _, code := range record.Reasons {
		account.Reasons = append(account.Reasons, exchange.Reason{Code: code, Text: textOf(by, code)})
	}
	for _, rule := range record.Rules {
		account.Rules = append(account.Rules, exchange.AccountRule{Name: rule, Title: by.Title(rule)})
	}
	for _, withheld := range record.Withheld {
		text, rule, own := exchange.Lack(withheld.Code)
		if !own {
			text = textOf(by, withheld.Code)
		}
		account.Withheld = append(account.Withheld, exchange.Withheld{Field: withheld.Field, Code: withheld.Code, Rule: rule, Text: text})
	}
	account.Ways, account.WaysBy = ways(ctx, by, in.Request()), by.Revision()
	return account, true
}

// textOf gives the catalogue's text. A code of policies long past stands for itself.
func textOf(by *policies.Engine, code string) exchange.Text {
	if text, ok := by.Reason(code); ok {
		return text
	}
	return exchange.Text{ZH: code, EN: code}
}
