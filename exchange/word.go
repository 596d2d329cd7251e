package exchange

import (
	"maps"
	"slices"
	"time"
)

// Saying is the last word of one reporter on one licence: what it said of each aspect, and when.
type Saying struct {
	Recent  []string        `json:"recent"`            // ids of its latest reports, the newest last
	Digests []uint64        `json:"digests,omitempty"` // of their contents: the last one is the last id's. Entries of older stores have fewer
	Learned time.Time       `json:"learned"`
	Words   map[Aspect]Word `json:"words"`
	Facts   Facts           `json:"facts"`
}

// Word says with what authority, in which order and when a reporter spoke of one aspect. The rank is that of the moment: who
// loses a licence to another province keeps what it said by right.
type Word struct {
	Rank     Rank      `json:"rank"`
	Sequence uint64    `json:"sequence,omitempty"`
	Happened time.Time `json:"happened"`
}

// recentReports is how many ids of a reporter are remembered per licence. An older report that comes again is caught by its
// sequence or time; the ids are for several reports of one moment, of which any may be repeated.
const recentReports = 32

// reuses reports whether the report bears the id of a recent one that said something else.
func (s Saying) reuses(r *Report) bool {
	place := slices.Index(s.Recent, r.ID)
	undigested := len(s.Recent) - len(s.Digests)
	return place >= max(0, undigested) && s.Digests[place-undigested] != r.digest()
}

// newerThan reports whether the word is newer than the report, by the reporter's own numbers if both have one. A second report
// of the same moment without a number is taken for the later one.
func (w Word) newerThan(r *Report) bool {
	if w.Sequence != 0 && r.Sequence != 0 {
		return w.Sequence >= r.Sequence
	}
	return w.Happened.After(r.Happened)
}

// laterThan reports whether the reporter said something newer of every aspect that the report is about.
func (s Saying) laterThan(r *Report) bool {
	about := 0
	for _, aspect := range Aspects() {
		if !r.Facts.Says(aspect) {
			continue
		}
		about++
		if word, spoke := s.Words[aspect]; !spoke || !word.newerThan(r) {
			return false
		}
	}
	return about > 0
}

// renewed is the reporter's word after the report: newer aspects replace older ones, silence keeps them.
func (s Saying) renewed(r *Report) Saying {
	words := copied(s.Words)
	for _, aspect := range Aspects() {
		if word, spoke := words[aspect]; !r.Facts.Says(aspect) || spoke && word.newerThan(r) {
			continue
		}
		s.Facts.take(&r.Facts, aspect)
		words[aspect] = Word{Rank: r.Rank, Sequence: r.Sequence, Happened: r.Happened}
	}
	s.Recent, s.Digests = lately(s.Recent, r.ID), lately(s.Digests, r.digest())
	s.Words, s.Learned = words, r.Learned
	return s
}

func lately[T any](list []T, newest T) []T {
	all := append(slices.Clone(list), newest)
	return all[max(0, len(all)-recentReports):]
}

// repeats reports whether the saying adds nothing to the one before it but the id of a report.
func (s Saying) repeats(before *Saying) bool {
	same := maps.EqualFunc(s.Words, before.Words, func(a, b Word) bool {
		return a.Rank == b.Rank && a.Sequence == b.Sequence && a.Happened.Equal(b.Happened)
	})
	return same && !slices.ContainsFunc(Aspects(), func(a Aspect) bool { return !s.Facts.Agrees(&before.Facts, a) })
}

// overrules is the rule table of what stands. Between two words on one aspect: of equal rank the later one; else the higher
// rank, unless the lower one is later and announces the aspect by right: a province knows of its own replacement before the
// police's copy does. The police's word, once it is as late, stands over everybody's.
func (w Word) overrules(other Word, aspect Aspect) bool {
	later := w.Happened.After(other.Happened)
	switch {
	case w.Rank == other.Rank:
		return later
	case w.Rank > other.Rank:
		return !other.Happened.After(w.Happened) || !announces(other.Rank, aspect)
	}
	return later && announces(w.Rank, aspect)
}

// announces says which aspects a rank announces by right, before the authority's own copy shows them: what a provincial platform
// handles itself (补换证 and renewal, 驾驶证申领和使用规定 arts. 63-69). Points, classes and status letters are the police's alone.
func announces(rank Rank, aspect Aspect) bool {
	return rank == RankProvince && (aspect == AspectReplacement || aspect == AspectValidity)
}

// mayBecome says whether a status may turn into another without the authority's word: from 撤销, 吊销 or 注销 (E, F, G) nothing
// leads back, whatever else is said.
func mayBecome(before, after StatusSet) bool {
	if after == "" {
		return true
	}
	for _, final := range []StatusLetter{'E', 'F', 'G'} {
		if before.Has(final) && !after.Has(final) {
			return false
		}
	}
	return true
}
