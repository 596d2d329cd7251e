package impact

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// verdict is what policies make of one input, as far as it matters to whoever asked.
type verdict struct {
	allow         bool
	reasons       string // codes, sorted, of a refusal
	rules         []string
	grants        map[exchange.Field]exchange.Mask
	bound         time.Duration
	onStale       exchange.StaleAction
	checkIdentity bool
	quotas        string
	rank          exchange.Rank
}

// decide asks the policies. That they can't decide is a refusal, as it is at work; only the end of ctx is an error.
func decide(ctx context.Context, by *policies.Engine, in *Input) (*verdict, error) {
	if in.Announcement() {
		rank, err := by.Rank(ctx, in.Platform, in.Region, in.Aspects, in.At)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return &verdict{allow: err == nil, reasons: refusal(err), rank: rank}, nil
	}
	d, err := by.Decide(ctx, in.Request())
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return &verdict{reasons: refusal(err)}, nil
	}
	return verdictOf(&d), nil
}

func verdictOf(d *exchange.Decision) *verdict {
	return &verdict{
		allow: d.Allow, reasons: codesOf(d.Reasons), rules: d.Rules, grants: d.Grants, bound: d.AgeBound, onStale: d.OnStale,
		checkIdentity: d.CheckIdentity, quotas: quotasOf(d.Quotas),
	}
}

// refusal gives the reasons in an error, or its code.
func refusal(err error) string {
	if err == nil {
		return ""
	}
	if known, ok := errors.AsType[*exchange.Error](err); ok && len(known.Reasons) > 0 {
		return codesOf(known.Reasons)
	}
	return string(exchange.CodeOf(err))
}

// quotasOf writes quotas down in one way.
func quotasOf(list []exchange.Quota) string {
	texts := make([]string, 0, len(list))
	for i := range list {
		texts = append(texts, list[i].String())
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

func codesOf(reasons []exchange.Reason) string {
	codes := make([]string, 0, len(reasons))
	for _, reason := range reasons {
		codes = append(codes, reason.Code)
	}
	return joined(codes)
}

// joined writes codes down in one way, whatever their order.
func joined(codes []string) string {
	sorted := slices.Clone(codes)
	slices.Sort(sorted)
	return strings.Join(slices.Compact(sorted), " ")
}

// asRecorded reports whether this is what the record says was decided. Records of announcements name no rules, and no records name
// the codes of field by field.
func (v *verdict) asRecorded(in *Input) bool {
	if v.reasons != joined(in.Reasons) {
		return false
	}
	return in.Announcement() || in.Operation == exchange.ChangeDelivery || slices.Equal(v.rules, in.Rules)
}
