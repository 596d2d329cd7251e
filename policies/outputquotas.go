package policies

import (
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// quotas reads the quotas that go with a permission. Policies from before there were any say nothing of them.
func (r *reader) quotas(result ast.Object, d *exchange.Decision) {
	if result.Get(key.quotas) == nil {
		return
	}
	list, ok := r.value(result, key.quotas).(*ast.Array)
	if !ok {
		r.fail("quotas is not a list")
		return
	}
	list.Foreach(func(term *ast.Term) { d.Quotas = append(d.Quotas, r.quota(term.Value)) })
}

func (r *reader) quota(value ast.Value) exchange.Quota {
	entry := r.object(value, "quota")
	quota := exchange.Quota{
		Of: exchange.Counted(r.text(entry, key.of)), Most: int(r.number(entry, key.most)),
		Per: time.Duration(r.number(entry, key.per)) * time.Second, Reason: r.reason(value),
	}
	known := quota.Of == exchange.CountedRequests || quota.Of == exchange.CountedSubjects
	if !known || quota.Most < 1 || quota.Per != time.Hour && quota.Per != 24*time.Hour {
		r.fail("a quota can't be counted")
	}
	return quota
}
