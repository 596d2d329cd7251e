package browsertest

import (
	"context"
	"errors"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/gateway/console/publishing"
)

// desktop is a publication desk to look at: what it does is tested where a real gateway does it.
type desktop struct{}

func (desktop) Standing(context.Context) (publishing.Standing, error) {
	const former, undone = "9be07d53c8a16e94b25d7703fe88d1c64a90b3f5e2271c6ad84e9b0f374f1c2a", "c8a16e94b25d7703fe88d1c64a90b3f5e2271c6ad84e9b0f374f1c2a9be07d53"
	now := time.Now()
	return publishing.Standing{
		Signed: true, InForce: revision, Authors: []string{"li.wei"}, Undo: &publishing.Step{From: revision, To: former, Revision: former},
		Revisions: []publishing.Revision{
			{Number: 3, State: publishing.Undone, Revision: undone, Author: "li.wei", Approved: []string{"wang.fang", "zhao.min"}, Since: now.Add(-26 * time.Hour), Note: "第三方可见准驾车型", Widens: true, By: "wang.fang", ByAt: now.Add(-25 * time.Hour), Why: "两家平台展示有误"},
			{Number: 2, State: publishing.Active, Revision: revision, Author: "li.wei", Approved: []string{"wang.fang"}, Since: now.Add(-25 * time.Hour), Note: "提醒服务不再显示有效期止", Nodes: []string{"shanghai-1", "shanghai-2"}},
			{Number: 1, State: publishing.Former, Revision: former, Author: "li.wei", Approved: []string{"zhao.min"}, Since: now.Add(-90 * time.Hour), Note: "首次签名发布", Nodes: []string{"shanghai-3"}},
			{State: publishing.Former},
		},
		Nodes: []publishing.Node{{Name: "shanghai-1", Revision: revision, Since: now.Add(-25 * time.Hour)}, {Name: "shanghai-2", Revision: revision, Since: now.Add(-25 * time.Hour)}, {Name: "shanghai-3", Revision: former, Since: now.Add(-90 * time.Hour)}},
	}, nil
}

func (desktop) Matrix(context.Context) (publishing.Matrix, error) {
	return publishing.Matrix{Revision: revision, Levels: []string{"none", "phone", "account", "sms", "bankcard", "face"}, Sections: []publishing.Section{
		{Platform: "suishenban", Purpose: "self-query", Operation: "licence.query", Region: "own", Rows: []publishing.Row{
			{Field: "name", Cells: []string{"hidden", "hidden", "name", "name", "clear", "clear"}}, {Field: "points", Cells: []string{"hidden", "hidden", "clear", "clear", "clear", "clear"}},
		}},
		{Platform: "wechat-city", Purpose: "self-query", Operation: "licence.query", Region: "any"},
	}}, nil
}

func (desktop) Base(context.Context) ([]byte, error) { return []byte("base"), nil }

func (d desktop) Candidates(ctx context.Context) ([]publishing.Candidate, error) {
	one, _, err := d.Candidate(ctx, "c-1")
	return []publishing.Candidate{one}, err
}

func (desktop) Candidate(context.Context, string) (publishing.Candidate, []byte, error) {
	return publishing.Candidate{
		ID: "c-1", Revision: "e2271c6ad84e9b0f374f1c2a9be07d53c8a16e94b25d7703fe88d1c64a90b3f5", Base: revision, Author: "li.wei", Note: "自查不再显示记分", By: "li.wei",
		Packed: time.Now().Add(-time.Hour), Tests: 214, Coverage: 99.6, Changed: []string{"cases/fields.yaml", "data/purposes.yaml"}, Signed: true, Need: 1,
		Impact: &draft.Impact{
			From: time.Now().Add(-50 * time.Hour), Until: time.Now(), Decisions: 18204, Replayed: 18204, Changed: 9120,
			Groups: []draft.Affected{{Platform: "suishenban", Purpose: "self-query", Decisions: 9120, Changed: 9120}, {Platform: "suishenban", Purpose: "licence-business", Decisions: 9084}},
			Lines:  []draft.Line{{Platform: "suishenban", Purpose: "self-query", Operation: "licence.query", What: exchange.Text{ZH: "减少可见项", EN: "fields lost"}, Fields: []string{"points"}, Count: 9120, Samples: []string{"0192f3a4-5b6c-7d8e-9f00-000000000001"}}},
		},
	}, []byte("bundle"), nil
}

func (desktop) Drop(context.Context, string) error { return errReal }

func (desktop) Propose(context.Context, publishing.Proposal) (string, error) { return "", errReal }

func (desktop) Take(context.Context, string, publishing.Role, []byte) (publishing.Candidate, error) {
	return publishing.Candidate{}, errReal
}

func (desktop) Publish(context.Context, string) error { return errReal }

func (desktop) Rollback(context.Context, []byte) error { return errReal }

var errReal = errors.New("a real gateway does this")
