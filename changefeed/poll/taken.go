package poll

import (
	"maps"
	"time"
)

// taken remembers the reports that were made durable and whose rows the overlap will bring again, so that they are not recorded
// again each time. To forget is harmless: the same report again has no effect.
type taken map[string]time.Time // moment of the row by the report's id

// mostTaken bounds the memory: some 20 MB.
const mostTaken = 100_000

func (t taken) has(id string) bool {
	_, has := t[id]
	return has
}

func (t taken) add(id string, moment time.Time) {
	if len(t) >= mostTaken {
		clear(t)
	}
	t[id] = moment
}

// forget drops what lies before the moment.
func (t taken) forget(before time.Time) {
	maps.DeleteFunc(t, func(_ string, moment time.Time) bool { return moment.Before(before) })
}
