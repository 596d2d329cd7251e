package batch

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// model is a world in which everything fails at random until it is healed.
type model struct {
	*rig
	mu      sync.Mutex
	random  *rand.Rand
	healthy bool
	starts  int
	newest  map[string]uint64 // versions by licence
}

func newModel(t *testing.T, seed uint64) *model {
	m := &model{rig: newRig(t), random: rand.New(rand.NewPCG(seed, 0)), newest: map[string]uint64{}}
	m.table.limit = 1 + m.below(4)
	m.records.fail = func(record *exchange.Record) error {
		if record.Operation == exchange.ChangeDelivery && m.unlucky() {
			return errors.New("no disk")
		}
		return nil
	}
	m.table.react = func(string, []exchange.Notice) (re reaction) {
		if m.unlucky() {
			re.before = exchange.Errorf(exchange.SourceDown, "down")
		} else if m.unlucky() {
			re.after = exchange.Errorf(exchange.SourceTimeout, "no answer")
		}
		return re
	}
	return m
}

func (m *model) below(n int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.random.IntN(n)
}

func (m *model) unlucky() bool { return !m.healthy && m.below(4) == 0 }

// begin starts a process, after which the former one counts as dead.
func (m *model) begin(t *testing.T) *Driver {
	m.starts++
	return m.driver(t, fmt.Sprint("process-", m.starts), func(c *Config) {
		places := *c.Places
		places.Marks = lossy{m.marks, m.unlucky}
		c.Places = &places
	})
}

// TestWhateverFailsTheTableEndsRight mixes reports, nights, processes that die, and failures of the database, the records and the
// places at every point. In the end the table holds the newest version of each licence, no version came twice or after a higher one,
// and every row is on record.
func TestWhateverFailsTheTableEndsRight(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, 3, rand.Uint64()} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			m := newModel(t, seed)
			d := m.begin(t)
			for minute := range 100 {
				switch m.below(6) {
				case 0, 1:
					n, letters := m.below(6), exchange.StatusSet("ABHJ"[m.below(4)])
					m.newest[key(n)] = m.report(t, "police", n, minute, letters).Version
				case 2:
					m.clock.night()
				case 3:
					d = m.begin(t)
				default:
					_ = do(t, d, Telling) // what fails is tried again
				}
			}
			m.healthy = true
			must(t, m.dispatcher.Enable(testContext(t), "front", changefeed.Action{Operator: "op", Reason: "days of failure may have switched it off"}))
			for range 2 {
				m.clock.night()
				must(t, do(t, d, Telling))
			}
			m.compare(t)
		})
	}
}

func (m *model) compare(t *testing.T) {
	rows, ordered := m.table.state()
	if !ordered {
		t.Error("a version came twice, or after a higher one")
	}
	for licence, version := range m.newest {
		if rows[licence].Version != version {
			t.Errorf("%s is at version %d, want %d", licence[60:], rows[licence].Version, version)
		}
	}
	recorded := map[string]bool{}
	for _, record := range m.records.records {
		if record.Operation == exchange.ChangeDelivery && record.Outcome == "delivered" {
			recorded[fmt.Sprint(record.Subject, record.AsOf)] = true
		}
	}
	for _, row := range m.table.rows {
		if !recorded[fmt.Sprint(row.Licence, row.Happened)] {
			t.Errorf("version %d of %s is not on record", row.Version, row.Licence[60:])
		}
	}
}
