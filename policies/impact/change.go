package impact

import (
	"cmp"
	"maps"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// Kind is a way in which a decision changes.
type Kind string

// The kinds of changes. Those of a field name it.
const (
	Opened        Kind = "refuse-to-allow"
	Closed        Kind = "allow-to-refuse"
	FieldGained   Kind = "field-gained"
	FieldLost     Kind = "field-lost"
	MaskChanged   Kind = "mask-changed"
	AgeBound      Kind = "age-bound"      // how old the data may be
	OnStale       Kind = "stale-action"   // what is done with older data
	Quotas        Kind = "quotas"         // how much may be asked for the purpose
	IdentityCheck Kind = "identity-check" // whether the population register is asked first
	Reasons       Kind = "reasons"        // refused before and after, for other reasons
	Rank          Kind = "rank"           // an announcement counts more or less than before
)

// Kinds gives the kinds of changes that a decision on a query or notice can show.
func Kinds() []Kind {
	return []Kind{Opened, Closed, FieldGained, FieldLost, MaskChanged, AgeBound, OnStale, IdentityCheck, Quotas, Reasons}
}

// Change is one way in which the decisions on one platform's requests for one purpose change.
type Change struct {
	Platform  string             `json:"platform"`
	Purpose   string             `json:"purpose,omitempty"` // empty: an announcement
	Operation exchange.Operation `json:"operation"`
	Kind      Kind               `json:"kind"`
	Field     exchange.Field     `json:"field,omitempty"`
	From      string             `json:"from,omitempty"` // mask, bound, action or reasons by the policies in force
	To        string             `json:"to,omitempty"`   // and by the candidate
	Widens    bool               `json:"widens"`         // somebody sees more than before, or that can't be ruled out
	Count     int                `json:"count"`          // decisions
	Samples   []string           `json:"samples"`        // ids of some of them
}

// key is a change without its count.
type key struct {
	group
	kind     Kind
	field    exchange.Field
	from, to string
}

// group is whose decisions are counted together.
type group struct {
	platform, purpose string
	operation         exchange.Operation
}

// Difference is one change between two decisions on the same request.
type Difference struct {
	Kind   Kind           `json:"kind"`
	Field  exchange.Field `json:"field,omitempty"`
	From   string         `json:"from,omitempty"`
	To     string         `json:"to,omitempty"`
	Widens bool           `json:"widens"`
}

// Compare gives how a decision changes, in a fixed order.
func Compare(before, after *exchange.Decision) []Difference {
	return compare(verdictOf(before), verdictOf(after))
}

func compare(before, after *verdict) (list []Difference) {
	switch {
	case !before.allow && after.allow:
		list = append(list, Difference{Kind: Opened, From: before.reasons, Widens: true})
	case before.allow && !after.allow:
		list = append(list, Difference{Kind: Closed, To: after.reasons})
	case !before.allow && before.reasons != after.reasons:
		list = append(list, Difference{Kind: Reasons, From: before.reasons, To: after.reasons})
	}
	list = append(list, compareFields(before.grants, after.grants)...)
	if before.allow && after.allow {
		list = append(list, compareTerms(before, after)...)
	}
	return list
}

func compareFields(before, after map[exchange.Field]exchange.Mask) (list []Difference) {
	for _, field := range slices.Sorted(maps.Keys(before)) {
		from := before[field]
		to, still := after[field]
		switch {
		case !still:
			list = append(list, Difference{Kind: FieldLost, Field: field, From: string(from)})
		case from != to: // of two masks nobody can say which shows more, so only a mask that is new narrows
			list = append(list, Difference{MaskChanged, field, string(from), string(to), from != exchange.MaskNone})
		}
	}
	for _, field := range slices.Sorted(maps.Keys(after)) {
		if _, had := before[field]; !had {
			list = append(list, Difference{Kind: FieldGained, Field: field, To: string(after[field]), Widens: true})
		}
	}
	return list
}

// compareTerms compares what else an answer depends on. Older data, data that is shown though it is stale, and an identity that nobody
// checks any more count as wider.
func compareTerms(before, after *verdict) (list []Difference) {
	if before.bound != after.bound {
		list = append(list, Difference{AgeBound, "", before.bound.String(), after.bound.String(), after.bound > before.bound})
	}
	if before.onStale != after.onStale {
		list = append(list, Difference{OnStale, "", string(before.onStale), string(after.onStale), after.onStale == exchange.StaleMark})
	}
	if before.checkIdentity != after.checkIdentity {
		list = append(list, Difference{IdentityCheck, "", yesOrNo(before.checkIdentity), yesOrNo(after.checkIdentity), before.checkIdentity})
	}
	if before.quotas != after.quotas { // of two lists nobody can say which lets more through, so any change may widen
		list = append(list, Difference{Quotas, "", before.quotas, after.quotas, before.quotas != ""})
	}
	if before.rank != after.rank {
		list = append(list, Difference{Rank, "", policies.RankName(before.rank), policies.RankName(after.rank), after.rank > before.rank})
	}
	return list
}

func yesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// inOrder sorts changes for readers: what widens first, then by platform, purpose, operation and kind.
func inOrder(list []Change) {
	slices.SortFunc(list, func(a, b Change) int {
		if a.Widens != b.Widens {
			if a.Widens {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Operation, b.Operation),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Field, b.Field), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
}
