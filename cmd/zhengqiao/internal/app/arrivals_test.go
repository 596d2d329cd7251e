package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// readInbound is a push that was read already; its answer lists the refusals.
type readInbound struct{ reports []exchange.Report }

func (r readInbound) Receive(http.Header, []byte, time.Time) ([]exchange.Report, outbound.PushAnswer, error) {
	return r.reports, func(refused []outbound.PushRefusal) []byte { return fmt.Append(nil, refused) }, nil
}
func (readInbound) Later() []byte  { return []byte("later") }
func (readInbound) MaxBody() int64 { return 1 << 20 }

// openPseudonyms, plainSealer, everybody and forgetful stand in for what this test is not about.
type openPseudonyms struct{}

func (openPseudonyms) Pseudonym(n exchange.IDNumber) string { return strings.ToLower(n.Reveal()) }

type plainSealer struct{}

func (plainSealer) Seal(content, _ []byte) ([]byte, error) { return content, nil }
func (plainSealer) Open(sealed, _ []byte) ([]byte, error)  { return sealed, nil }

type everybody struct{}

func (everybody) Rank(context.Context, changefeed.Announcement) (exchange.Rank, error) {
	return exchange.RankProvince, nil
}

type forgetful struct{}

func (forgetful) Record(context.Context, *exchange.Record) (exchange.Receipt, error) {
	return exchange.Receipt{}, nil
}

// smallLedger is a real ledger whose entries have at most 4 KiB.
func smallLedger(t *testing.T) *journal.Ledger {
	t.Helper()
	j, err := journal.Open(t.Context(), journal.Config{Dir: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	ledger, err := j.Ledger(t.Context(), journal.LedgerConfig{Name: "licences", Partitions: 1, MaxEntryBytes: 4 << 10})
	if err != nil {
		t.Fatal(err)
	}
	return ledger
}

// A row that the ledger will never take is named, and the platform does not send the push again for ever.
func TestTooLargeARowIsNamedAndTheOthersStand(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	var reports []exchange.Report
	for i, number := range []string{"11010519491231002X", "440102198001010021", "310101199801011232"} {
		id, err := exchange.ParseIDNumber(number, now)
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, exchange.Report{
			ID: fmt.Sprint(i + 1), Reporter: "suihaoban", Subject: exchange.Subject{IDNumber: id}, Region: "440000", Sequence: uint64(i + 1),
			Happened: now.Add(-time.Hour), Learned: now, Facts: exchange.Facts{Status: "A"},
		})
	}
	reports[1].Subject.Name = strings.Repeat("沈", 4<<10)
	clock := func() time.Time { return now }
	a := arrivals{
		quotas: gateway.NewQuotas(gateway.QuotaConfig{Limits: gateway.Limits{InFlight: 1, PerPlatform: 1}}, clock), inbound: readInbound{reports}, pseudonyms: openPseudonyms{}, clock: clock, aspects: exchange.Aspects(),
		intake: &changefeed.Intake{
			Book: changefeed.NewBook(smallLedger(t), plainSealer{}, clock), Announcers: everybody{}, Recorder: forgetful{}, Clock: clock,
			Gateway: "gateway", Random: func(time.Duration) time.Duration { return 0 },
		},
	}
	for _, push := range []string{"first", "again"} {
		status, answer, err := a.Take(t.Context(), nil, nil)
		if status != http.StatusOK || string(answer) != "[{2 invalid-request}]" || err != nil {
			t.Errorf("%s: %d %s, error %v", push, status, answer, err)
		}
	}
}
