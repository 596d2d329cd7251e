package exchange

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The speakers of the properties: two of each rank, since equal ranks settle among themselves.
var speakers = []struct {
	name string
	rank Rank
}{
	{"police", RankAuthority}, {"police-2", RankAuthority}, {"province", RankProvince}, {"province-2", RankProvince},
	{"platform", RankPlatform}, {"platform-2", RankPlatform},
}

func someFacts(letters string) *rapid.Generator[Facts] {
	return rapid.Custom(func(t *rapid.T) Facts {
		var f Facts
		for len(f.Said()) == 0 {
			f.Status = ParseStatus(rapid.StringOfN(rapid.SampledFrom([]rune(letters)), 0, 3, -1).Draw(t, "zt"))
			f.Points = rapid.SampledFrom([]*int{nil, new(0), new(3), new(12)}).Draw(t, "ljjf")
			f.CardNumber = rapid.SampledFrom([]string{"", "X", "Y"}).Draw(t, "zxbh")
			f.Replacements = rapid.SampledFrom([]*int{nil, new(0), new(1)}).Draw(t, "bzcs")
			f.Classes = rapid.SampledFrom([][]Class{nil, {"C1"}, {"C1", "D"}, {"D", "C1"}}).Draw(t, "zjcx")
			f.ValidUntil = rapid.SampledFrom([]Date{{}, {2030, 1, 1}, {2032, 1, 1}}).Draw(t, "yxqz")
			f.LongTerm = rapid.SampledFrom([]*bool{nil, new(false), new(true)}).Draw(t, "long")
			f.CycleEnd = rapid.SampledFrom([]Date{{}, {2027, 5, 9}}).Draw(t, "qfrq")
		}
		return f
	})
}

// someReports draws reports; each may be repeated, delayed or numbered by its reporter. With apart, no two happen at once.
func someReports(t *rapid.T, letters string, apart bool) []*Report {
	count := rapid.IntRange(1, 14).Draw(t, "count")
	minutes := rapid.SliceOfN(rapid.IntRange(-20, 20), count, count).Draw(t, "minutes")
	if apart {
		minutes = rapid.Permutation(sequenceOf(count)).Draw(t, "minutes apart")
	}
	var reports []*Report
	for i := range count {
		who := rapid.SampledFrom(speakers).Draw(t, "who")
		r := says{who: who.name, rank: who.rank, minute: minutes[i], id: fmt.Sprint("r", i), facts: someFacts(letters).Draw(t, "facts")}.report()
		if strings.HasSuffix(who.name, "-2") {
			r.Sequence = uint64(minutes[i] + 21) // as its clock
		}
		if !apart && rapid.IntRange(0, 9).Draw(t, "future") == 0 {
			r.Happened = r.Learned.Add(futureTolerance + time.Second)
		}
		reports = append(reports, r)
		if rapid.Bool().Draw(t, "repeated") {
			reports = append(reports, reports[rapid.IntRange(0, len(reports)-1).Draw(t, "which")])
		}
	}
	return reports
}

func sequenceOf(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// TestApplyProperties checks each step of any history.
func TestApplyProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var state *LicenceState
		for _, r := range someReports(t, "ABDEFGJQ超", false) {
			before, given := render(t, state), render(t, r)
			next, outcome := state.Apply(r)
			if render(t, state) != before || render(t, r) != given {
				t.Fatal("Apply changed what it was given")
			}
			checkStep(t, state, next, r, outcome)
			state = next
			if state == nil {
				continue
			}
			checkStanding(t, state)
			if again, outcome := state.Apply(r); outcome != ReportImpossible && outcome != ReportStale && (outcome != ReportDuplicate && outcome != ReportUnchanged || again != state) {
				t.Fatalf("the same report again: %s", outcome)
			}
		}
	})
}

func checkStep(t *rapid.T, state, next *LicenceState, r *Report, outcome ReportOutcome) {
	var was LicenceState
	if state != nil {
		was = *state
	}
	switch outcome {
	case ReportDuplicate, ReportStale, ReportImpossible:
		if next != state {
			t.Fatalf("%s: there is a new state", outcome)
		}
		return
	case ReportAccepted:
		if next.Version != was.Version+1 || sameFacts(&next.Stands, &was.Stands) || len(next.Change.Events) == 0 || next.Change.Report != r.ID {
			t.Fatalf("accepted: from version %d to %d, %+v", was.Version, next.Version, next.Change)
		}
	case ReportUnchanged, ReportConflicting:
		if next.Version != was.Version || !sameFacts(&next.Stands, &was.Stands) || next.Change.Report != was.Change.Report {
			t.Fatalf("%s: from version %d to %d", outcome, was.Version, next.Version)
		}
		if disagrees := slices.ContainsFunc(Aspects(), func(a Aspect) bool { return r.Facts.contradicts(&next.Stands, a) }); disagrees != (outcome == ReportConflicting) {
			t.Fatalf("%s, but disagrees: %v", outcome, disagrees)
		}
	}
	for _, final := range []StatusLetter{'E', 'F', 'G'} {
		if was.Stands.Status.Has(final) && !next.Stands.Status.Has(final) && r.Rank != RankAuthority {
			t.Fatalf("%c was left by the word of %s", final, r.Reporter)
		}
	}
}

// checkStanding decides anew, by another way of putting the rule, whose word stands of each aspect.
func checkStanding(t *rapid.T, state *LicenceState) {
	for _, aspect := range Aspects() {
		best, bestName := Word{}, ""
		for name, saying := range state.Says {
			word, spoke := saying.Words[aspect]
			if spoke && (bestName == "" || slices.Compare(precedence(word, aspect), precedence(best, aspect)) > 0 ||
				slices.Equal(precedence(word, aspect), precedence(best, aspect)) && name < bestName) {
				best, bestName = word, name
			}
		}
		if state.Source[aspect] != bestName {
			t.Fatalf("%s: %q stands, want %q", aspect, state.Source[aspect], bestName)
		}
		if bestName == "" {
			if state.Stands.Says(aspect) {
				t.Fatalf("%s stands, but nobody said so", aspect)
			}
			continue
		}
		said := state.Says[bestName].Facts
		if said.contradicts(&state.Stands, aspect) || aspect == AspectStatus && said.Status != state.Stands.Status {
			t.Fatalf("%s: %+v stands, %s said %+v", aspect, state.Stands, bestName, said)
		}
	}
}

// precedence puts a word into numbers that compare: the larger one stands. What a province announces by right competes with the
// police by time; all else by rank first.
func precedence(w Word, aspect Aspect) []int64 {
	byRight := aspect == AspectReplacement || aspect == AspectValidity
	if byRight && w.Rank >= RankProvince {
		return []int64{int64(RankAuthority), w.Happened.UnixNano(), int64(w.Rank)}
	}
	return []int64{int64(w.Rank), w.Happened.UnixNano(), 0}
}

// TestStandingIgnoresOrder puts the same reports in two orders. Final letters are left out: from them some words are not kept.
func TestStandingIgnoresOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		reports := someReports(t, "ABDJQ超", true)
		first, second := applyAll(reports), applyAll(rapid.Permutation(reports).Draw(t, "order"))
		if !sameFacts(&first.Stands, &second.Stands) {
			t.Fatalf("stands %s, in another order %s", render(t, &first.Stands), render(t, &second.Stands))
		}
		if fmt.Sprint(first.Source) != fmt.Sprint(second.Source) {
			t.Fatalf("by %v, in another order by %v", first.Source, second.Source)
		}
	})
}

func applyAll(reports []*Report) *LicenceState {
	var state *LicenceState
	for _, r := range reports {
		state, _ = state.Apply(r)
	}
	return state
}

func sameFacts(a, b *Facts) bool {
	return !slices.ContainsFunc(Aspects(), func(aspect Aspect) bool { return !a.Agrees(b, aspect) })
}

func render(t *rapid.T, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
