package publishing

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// The operations by which records name what somebody ordered here. What comes of it, such as policies.publish, is on record besides.
const (
	OrderPropose  exchange.Operation = "operators.policies.propose"
	OrderSign     exchange.Operation = "operators.policies.sign"
	OrderPublish  exchange.Operation = "operators.policies.publish"
	OrderDrop     exchange.Operation = "operators.policies.drop"
	OrderRollback exchange.Operation = "operators.policies.rollback"
)

// record puts an order on record, before it has any effect; revision is what it is about.
func (p *page) record(v *console.Visit, operation exchange.Operation, revision string) error {
	return v.Record(p.Recorder, exchange.Record{Time: p.Clock().UTC(), Operation: operation, Revision: revision})
}

// propose makes a candidate of the visitor's draft.
func (p *page) propose(v *console.Visit) error {
	standing, err := p.Registry.Standing(v.Context())
	if err != nil {
		return err
	}
	proposed := Proposal{Author: v.PostForm.Get("author"), By: v.Person.ID, Draft: p.Drafts.Of(v.Person.ID)}
	if proposed.Note, err = v.Reason(); err != nil {
		return err
	}
	if err := fits(&proposed, &standing); err != nil {
		return err
	}
	if err := p.record(v, OrderPropose, standing.InForce); err != nil {
		return err
	}
	id, err := p.Acts.Propose(v.Context(), proposed)
	if err != nil {
		return refused(v, err)
	}
	p.Drafts.Drop(v.Person.ID, "")
	return v.Go("/publishing/candidates/"+id, watch.Text{
		Zh: "已检查、测试、比对并重放，候选已保存。下一步：作者签名。", En: "It was checked, tested, compared and replayed, and is a candidate now. Next: its author signs.",
	})
}

func fits(proposed *Proposal, standing *Standing) error {
	switch {
	case len(proposed.Draft.Files) == 0:
		return unfit("草稿是空的。请先在策略试算中改好并存入草稿。", "The draft is empty. Edit in the playground and keep it there first.")
	case proposed.Draft.Base != standing.InForce:
		return unfit("草稿基于另一个版本，请放弃后重新开始。", "The draft was begun from another revision. Discard it and begin anew.")
	case !slices.Contains(standing.Authors, proposed.Author):
		return unfit("请选择已登记的作者。", "Choose an author who is registered.")
	}
	return nil
}

func unfit(zh, en string) error {
	return &console.Fault{Status: http.StatusUnprocessableEntity, Text: watch.Text{Zh: zh, En: en}}
}

// bring takes a bundle that its author packed elsewhere.
func (p *page) bring(v *console.Visit) error { return p.take(v, "", Author) }

// signed takes a candidate back with another signature.
func (p *page) signed(role Role) func(*console.Visit) error {
	return func(v *console.Visit) error {
		one, _, err := p.Tray.Candidate(v.Context(), v.PathValue("id")) // what is not there must not be on record by a visitor's word
		if err != nil {
			return err
		}
		return p.take(v, one.ID, role)
	}
}

func (p *page) take(v *console.Visit, id string, role Role) error {
	bundle, err := v.Upload("bundle")
	if err != nil {
		return err
	}
	if err := p.record(v, OrderSign, id[:strings.IndexByte(id+"-", '-')]); err != nil {
		return err
	}
	one, err := p.Acts.Take(v.Context(), id, role, bundle)
	if err != nil {
		return refused(v, err)
	}
	return v.Go("/publishing/candidates/"+one.ID, watch.Text{Zh: "签名有效，已保存。", En: "The signature holds and is kept."})
}

// publish brings a candidate into force.
func (p *page) publish(v *console.Visit) error {
	one, _, err := p.Tray.Candidate(v.Context(), v.PathValue("id"))
	if err != nil {
		return err
	}
	if err := p.record(v, OrderPublish, one.Revision); err != nil {
		return err
	}
	if err := p.Acts.Publish(v.Context(), one.ID); err != nil {
		return refused(v, err)
	}
	return v.Go("/publishing", watch.Text{Zh: "已发布，各节点在一秒内切换。", En: "It is published. All nodes switch within a second."})
}

func (p *page) drop(v *console.Visit) error {
	one, _, err := p.Tray.Candidate(v.Context(), v.PathValue("id"))
	if err != nil {
		return err
	}
	if err := p.record(v, OrderDrop, one.Revision); err != nil {
		return err
	}
	if err := p.Tray.Drop(v.Context(), one.ID); err != nil {
		return fmt.Errorf("drop a candidate: %w", err)
	}
	return v.Go("/publishing", watch.Text{Zh: "候选已撤下并记录。", En: "The candidate is taken away, and on record."})
}

// rollback takes a signed order to go one step back.
func (p *page) rollback(v *console.Visit) error {
	order, err := v.Upload("order")
	if err != nil {
		return err
	}
	standing, err := p.Registry.Standing(v.Context())
	if err != nil {
		return err
	}
	if err := p.record(v, OrderRollback, standing.InForce); err != nil {
		return err
	}
	if err := p.Acts.Rollback(v.Context(), order); err != nil {
		return refused(v, err)
	}
	return v.Go("/publishing", watch.Text{Zh: "已退回一步，各节点在一秒内切换。", En: "One step back is taken. All nodes switch within a second."})
}
