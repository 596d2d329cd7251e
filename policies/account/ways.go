package account

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// ways finds what, had it alone been otherwise, would have changed the decision, by asking the policies in force. There are none for a
// request that they would grant whole, and none if they can't decide on it.
func ways(ctx context.Context, by *policies.Engine, request exchange.DecisionRequest) []exchange.Way {
	now, err := by.Decide(ctx, request)
	if err != nil || now.Allow && len(now.Withheld) == 0 {
		return nil
	}
	s := search{ctx: ctx, by: by, request: request, now: &now}
	s.proofs()
	s.parts()
	s.age()
	s.granted()
	return s.found
}

// search is the search for ways out of one decision.
type search struct {
	ctx     context.Context
	by      *policies.Engine
	request exchange.DecisionRequest
	now     *exchange.Decision
	found   []exchange.Way
}

// try asks about a changed request and notes the way if it changes anything for the better.
func (s *search) try(way exchange.Way, change func(*exchange.DecisionRequest)) {
	other := s.request
	other.Authentications = slices.Clone(s.request.Authentications)
	change(&other)
	then, err := s.by.Decide(s.ctx, other)
	if err != nil {
		return
	}
	way.Allows = then.Allow && !s.now.Allow
	way.Resolves = resolved(s.now.Reasons, then.Reasons)
	way.Fields = gained(s.now.Grants, then.Grants)
	if better := way.Allows || len(way.Resolves) > 0 || len(way.Fields) > 0; better && !s.known(&way) {
		s.found = append(s.found, way)
	}
}

// known reports whether a way of the same kind, found before, does as much: the lower level, the purpose named first.
func (s *search) known(way *exchange.Way) bool {
	return slices.ContainsFunc(s.found, func(other exchange.Way) bool {
		return other.Kind == way.Kind && way.Kind == exchange.WayAssurance && other.Allows == way.Allows &&
			slices.Equal(other.Resolves, way.Resolves) && slices.Equal(other.Fields, way.Fields)
	})
}

// resolved gives the reasons that fall away. A change that brings new reasons resolves nothing.
func resolved(before, after []exchange.Reason) (codes []string) {
	for _, reason := range after {
		if !slices.ContainsFunc(before, func(b exchange.Reason) bool { return b.Code == reason.Code }) {
			return nil
		}
	}
	for _, reason := range before {
		if !slices.ContainsFunc(after, func(a exchange.Reason) bool { return a.Code == reason.Code }) {
			codes = append(codes, reason.Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func gained(before, after map[exchange.Field]exchange.Mask) (fields []exchange.Field) {
	for _, field := range slices.Sorted(maps.Keys(after)) {
		if _, had := before[field]; !had {
			fields = append(fields, field)
		}
	}
	return fields
}

// justNow is how long ago the citizen would have been authenticated.
const justNow = time.Minute

// proofs tries each level, from the lowest up, by each of its methods.
func (s *search) proofs() {
	full := 1.0
	for _, proof := range s.by.Proofs() {
		way := exchange.Way{Kind: exchange.WayAssurance, Value: proof.Level, Text: exchange.Text{
			ZH: "以“" + levelName(proof.Level).ZH + "”强度的方式重新认证（" + proof.Method + "），并在有效时间内提交。",
			EN: "Authenticate the citizen anew at the level " + levelName(proof.Level).EN + " (" + proof.Method + "), within the window.",
		}}
		s.try(way, func(r *exchange.DecisionRequest) {
			r.Authentications = []exchange.Authentication{{Method: proof.Method, At: r.Now.Add(-justNow), Similarity: &full}}
		})
	}
}

// age tries without the caller's own bound on the age of the data.
func (s *search) age() {
	if s.request.MaxAge == nil {
		return
	}
	way := exchange.Way{Kind: exchange.WayMaxAge, Text: exchange.Text{
		ZH: "不要求比本渠道更新的数据（去掉 maxAge）。", EN: "Ask for no fresher data than the channel has: leave out maxAge.",
	}}
	s.try(way, func(r *exchange.DecisionRequest) { r.MaxAge = nil })
}

// stated stands in for a part of the purpose that was not stated.
const stated = "stated"

// parts tries to state what was left blank, part by part and, if that helps nowhere, all of it.
func (s *search) parts() {
	before := len(s.found)
	var blank []string
	for _, part := range purposeParts() {
		if strings.TrimSpace(*part.of(&s.request.Purpose)) != "" {
			continue
		}
		blank = append(blank, part.name)
		s.try(stating(part.name), func(r *exchange.DecisionRequest) { *part.of(&r.Purpose) = part.example })
	}
	if len(s.found) > before || len(blank) < 2 {
		return
	}
	s.try(stating(blank...), func(r *exchange.DecisionRequest) { stateAll(&r.Purpose) })
}

func stating(parts ...string) exchange.Way {
	names := strings.Join(parts, ", ")
	return exchange.Way{Kind: exchange.WayState, Value: strings.Join(parts, " "), Text: exchange.Text{
		ZH: "在用途中填写：" + names + "。", EN: "State in the purpose: " + names + ".",
	}}
}

func stateAll(p *exchange.Purpose) {
	for _, part := range purposeParts() {
		if field := part.of(p); strings.TrimSpace(*field) == "" {
			*field = part.example
		}
	}
}

// granted tries the platform's other purposes for the operation, each with all that it may want stated, and the legal bases of its own.
func (s *search) granted() {
	for _, platform := range s.by.Platforms() {
		if platform.ID != s.request.Platform {
			continue
		}
		for _, purpose := range platform.Purposes {
			if !slices.Contains(purpose.Operations, s.request.Operation) {
				continue
			}
			if purpose.Code == s.request.Purpose.Code {
				s.bases(purpose.LegalBases)
				continue
			}
			s.purpose(&purpose)
		}
	}
}

func (s *search) bases(list []string) {
	for _, basis := range list {
		way := exchange.Way{Kind: exchange.WayLegalBasis, Value: basis, Text: exchange.Text{
			ZH: "如确实适用，法律依据可为 " + basis + "。", EN: "Name the legal basis " + basis + ", if it applies.",
		}}
		s.try(way, func(r *exchange.DecisionRequest) { r.Purpose.LegalBasis = basis })
	}
}

func (s *search) purpose(purpose *policies.PurposeInfo) {
	way := exchange.Way{Kind: exchange.WayPurpose, Value: purpose.Code, Text: exchange.Text{
		ZH: "如办理事项确属“" + purpose.Name.ZH + "”，以该用途查询，并填写其要求的内容。",
		EN: "If the matter truly is one of “" + purpose.Name.EN + "”, ask for that purpose and state what it requires.",
	}}
	for _, basis := range purpose.LegalBases {
		s.try(way, func(r *exchange.DecisionRequest) {
			r.Purpose.Code, r.Purpose.LegalBasis = purpose.Code, basis
			stateAll(&r.Purpose)
		})
		if len(s.found) > 0 && s.found[len(s.found)-1].Value == purpose.Code {
			return
		}
	}
}
