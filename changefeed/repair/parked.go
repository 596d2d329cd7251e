package repair

import (
	"cmp"
	"context"
	"slices"

	"github.com/zhengqiao/zhengqiao/changefeed"
)

// Parked lists the selected deliveries that wait, those that wait for longest first, up to limit, and how many there are. It
// holds no more than limit in memory.
func (d *Desk) Parked(ctx context.Context, s changefeed.Selection, limit int) (first []changefeed.Parked, total int, err error) {
	err = d.cfg.Parking.List(ctx, s, func(parked changefeed.Parked) error {
		total++
		at, _ := slices.BinarySearchFunc(first, &parked, compareParked)
		if at < limit {
			first = slices.Insert(first, at, parked)
			first = first[:min(len(first), limit)]
		}
		return nil
	})
	return first, total, err
}

func compareParked(a changefeed.Parked, b *changefeed.Parked) int {
	return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Revision, b.Revision), cmp.Compare(a.Platform, b.Platform))
}
