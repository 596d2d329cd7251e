package poll

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Licences lists the licences that are known, as journal entries; [journal.Ledger] does.
type Licences interface {
	Partitions() int
	// ScanPartition visits the newest entry of each licence of a part, in the order of writing.
	ScanPartition(ctx context.Context, partition int, visit func(journal.Entry) error) error
}

// Book reads what is known; [changefeed.Book] does.
type Book interface {
	Open(entry *journal.Entry) (changefeed.Known, error)
	Last(ctx context.Context, licence string) (changefeed.Known, error)
}

// stop is the place of a walk over all known licences: the round's beginning, and the entry that was dealt with last. An entry
// that is written while the walk goes on gets a later revision, so none is passed by.
type stop struct {
	Round     time.Time        `json:"round"`
	Partition int              `json:"partition"`
	Revision  journal.Revision `json:"revision"`
}

// due is a licence to be asked for.
type due struct {
	licence  string
	revision journal.Revision
	tries    int
	late     bool // it was put behind the others
}

// collect lists the part's licences behind the place that the poll covers, but for those of which the source has spoken since the round
// began: what it said made a later entry. It takes some 150 bytes of memory for each; an entry
// that can't be read is counted and left out.
func (p *Requery) collect(ctx context.Context, place stop) ([]due, error) {
	var all []due
	err := p.Known.ScanPartition(ctx, place.Partition, func(entry journal.Entry) error {
		if entry.Revision <= place.Revision {
			return nil
		}
		known, err := p.Book.Open(&entry)
		if err != nil {
			p.reported(ModeRequery, string(exchange.Internal))
			return nil
		}
		spoke := known.State.Says[p.Source].Learned.After(place.Round)
		if p.covers(known.State.Region) && !spoke {
			all = append(all, due{licence: entry.Key, revision: entry.Revision})
		}
		return nil
	})
	return all, err
}

// until gives the end of the time that the part has within the round: each part has an equal share.
func (p *Requery) until(place stop) time.Time {
	return place.Round.Add(p.Every / time.Duration(p.Known.Partitions()) * time.Duration(place.Partition+1))
}
