package app_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/pgtest"
)

// frontPlatform is one that the policies know and the demo tells nothing.
const frontPlatform = "jiaoguan12123"

// holder is the example of GB 11643 and belongs to nobody.
const holder = "11010519491231002X"

// front is a gateway with a front-end database on a real PostgreSQL, the other side of which the test plays.
type front struct {
	t        *testing.T
	settings *config.Config
	schema   string
	admin    *pgx.Conn
	gateway  *app.App
	stop     func()
}

func newFront(t *testing.T) *front {
	t.Helper()
	server := &pgtest.Server{}
	t.Cleanup(server.Stop)
	dsn, err := server.Address()
	if err != nil {
		t.Fatal(err)
	}
	if dsn == "" {
		t.Skip(pgtest.Missing)
	}
	f := &front{t: t, schema: "app_" + strings.ToLower(rand.Text())}
	if f.admin, err = pgx.Connect(t.Context(), dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		f.exec("DROP SCHEMA IF EXISTS {s} CASCADE")
		_ = f.admin.Close(context.Background())
	})
	f.configure(dsn)
	return f
}

func (f *front) configure(dsn string) {
	f.t.Helper()
	w, err := demo.NewWorld(f.t.TempDir(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = w.Close() })
	text, err := os.ReadFile(w.ConfigPath())
	if err != nil {
		f.t.Fatal(err)
	}
	text = fmt.Appendf(text, "\nfrontdbs:\n  - id: %s\n    region: \"000000\"\n    every: 1s\n    settings: {dsn: file:keys/front.dsn, schema: %s, side: local}\n", frontPlatform, f.schema)
	secret := filepath.Join(filepath.Dir(w.ConfigPath()), "keys", "front.dsn")
	if err := os.WriteFile(secret, []byte(dsn+"\n"), 0o600); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(w.ConfigPath(), text, 0o600); err != nil {
		f.t.Fatal(err)
	}
	if f.settings, err = config.Load(w.ConfigPath(), nil); err != nil {
		f.t.Fatal(err)
	}
}

// start runs the gateway, until stop.
func (f *front) start() {
	f.t.Helper()
	var err error
	if f.gateway, err = app.Open(f.t.Context(), f.settings, slog.New(slog.DiscardHandler), app.Parts{}); err != nil {
		f.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.gateway.Run(ctx) }()
	f.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			f.t.Error(err)
		}
	}
}

// night makes the stopped gateway believe that it saw the platform first three days ago, so that a batch is overdue.
func (f *front) night() {
	f.t.Helper()
	j, err := journal.Open(f.t.Context(), journal.Config{Dir: f.settings.Journal.Dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = j.Close(context.Background()) }()
	marks, err := j.State(f.t.Context(), journal.StateConfig{Name: "frontdbs"})
	if err != nil {
		f.t.Fatal(err)
	}
	for partition := range f.settings.Changes.Partitions {
		key := fmt.Sprintf("%s/telling-%d", frontPlatform, partition)
		value, err := marks.Get(f.t.Context(), key)
		if err != nil {
			f.t.Fatal(err)
		}
		since := fmt.Sprintf(`{"since":%q}`, time.Now().Add(-72*time.Hour).UTC().Format(time.RFC3339))
		if _, err := marks.Put(f.t.Context(), key, []byte(since), value.Revision); err != nil {
			f.t.Fatal(err)
		}
	}
}

func (f *front) exec(statement string, arguments ...any) {
	f.t.Helper()
	if _, err := f.admin.Exec(context.Background(), strings.ReplaceAll(statement, "{s}", f.schema), arguments...); err != nil {
		f.t.Fatalf("%s: %v", statement, err)
	}
}

// one gives the single text that a query finds.
func (f *front) one(query string) string {
	f.t.Helper()
	var text string
	if err := f.admin.QueryRow(f.t.Context(), strings.ReplaceAll(query, "{s}", f.schema)).Scan(&text); err != nil {
		f.t.Fatalf("%s: %v", query, err)
	}
	return text
}

// until waits for what the gateway does by itself.
func (f *front) until(what string, met func() bool) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for !met() {
		select {
		case <-look.C:
		case <-ctx.Done():
			f.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// TestFrontDatabaseEndToEnd follows a change out of the gateway and others into it: a report, its row in the night's batch, the other
// side's rows, good and broken, a row that it refuses, and the replay that writes it again.
func TestFrontDatabaseEndToEnd(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	for _, want := range []int{0, 2} {
		done, err := app.MigrateFront(t.Context(), f.settings, frontPlatform, "")
		if err != nil || done.From != want || done.To != 2 {
			t.Fatalf("migrate: %+v, %v", done, err)
		}
	}
	if _, err := app.Check(f.settings); err != nil {
		t.Error(err)
	}
	f.start()
	licence := f.announce()
	f.untilPlaced()
	f.stop()
	f.night()
	f.start()
	defer func() { f.stop() }()

	f.until("the batch is written", func() bool { return f.one("SELECT count(*)::text FROM {s}.up_lic_status") == "1" })
	if row := f.one("SELECT concat_ws('|', licence_key, version, sfzmhm, zt, cd_operation, data_source) FROM {s}.up_lic_status"); row != licence+"|1|"+holder+"|B|i|tmri" {
		t.Errorf("row %s", row)
	}

	f.exec("INSERT INTO {s}.dn_lic_status (cd_operation, cd_batch, cd_time, sfzmhm, xzqh, zt, gxsj) VALUES ('u', 'N-1', $1, $2, '310000', 'J', $1), ('u', 'N-1', $1, 'nobody', '310000', 'A', $1)",
		time.Now().In(exchange.Shanghai()), holder)
	f.until("its row is known", func() bool {
		known, err := f.gateway.Book().Last(t.Context(), licence)
		return err == nil && known.State.Stands.Status == "J" && known.State.Change.Reporter == frontPlatform
	})
	f.until("the broken row is in the mirror", func() bool {
		return f.one("SELECT coalesce(string_agg(error_remark || error_by, ','), '') FROM {s}.dn_lic_status_error") != ""
	})

	f.exec("INSERT INTO {s}.up_lic_status_error SELECT r.*, '证件号 ' || sfzmhm || ' 张三 不存在' FROM {s}.up_lic_status r")
	var parked changefeed.Preview
	f.until("the refusal is parked", func() bool {
		var err error
		parked, err = f.gateway.Parking().Preview(t.Context(), changefeed.Selection{Platform: frontPlatform})
		return err == nil && parked.Count == 1
	})
	remark, err := f.gateway.Book().Remark(&parked.First[0])
	if err != nil || !strings.Contains(remark, "不存在") || strings.Contains(remark, holder) || parked.First[0].Version != 1 {
		t.Errorf("%q, %v, %+v", remark, err, parked.First[0])
	}
	progress, err := f.gateway.Dispatcher().Replay(t.Context(), changefeed.ReplayOrder{Token: parked.Token, By: changefeed.Action{Operator: "op", Reason: "mended"}})
	if err != nil || progress.Delivered != 1 {
		t.Errorf("replay: %+v, %v", progress, err)
	}
	if rows := f.one("SELECT string_agg(version || zt || cd_operation, ',' ORDER BY id) FROM {s}.up_lic_status"); rows != "1Bi,2Ju" {
		t.Errorf("rows after the replay: %s", rows)
	}
	f.metrics()
}

// announce has the traffic police say that a licence was lent out (B).
func (f *front) announce() (licence string) {
	f.t.Helper()
	number, err := exchange.ParseIDNumber(holder, time.Now())
	if err != nil {
		f.t.Fatal(err)
	}
	licence = f.gateway.Pseudonym(&changefeed.Known{Subject: exchange.Subject{IDNumber: number}})
	acceptance, err := f.gateway.Intake().Report(f.t.Context(), &exchange.Report{
		ID: "r-1", Reporter: "tmri", Licence: licence, Subject: exchange.Subject{IDNumber: number}, Region: "310000",
		Happened: time.Now().Add(-time.Hour), Facts: exchange.Facts{Status: "B"},
	})
	if err != nil || acceptance.Outcome != exchange.ReportAccepted {
		f.t.Fatalf("%+v, %v", acceptance, err)
	}
	return licence
}

// untilPlaced waits until the gateway has looked at the platform, and finds that nothing is told before the night.
func (f *front) untilPlaced() {
	f.t.Helper()
	f.until("the platform's status shows what waits", func() bool {
		all, err := f.gateway.Dispatcher().Status(f.t.Context())
		if err != nil {
			return false
		}
		for _, status := range all {
			if status.Platform == frontPlatform {
				return status.Entries == 1
			}
		}
		return false
	})
	if count := f.one("SELECT count(*)::text FROM {s}.up_lic_status"); count != "0" {
		f.t.Errorf("%s rows before the night", count)
	}
}

func (f *front) metrics() {
	f.t.Helper()
	_, text := get(f.t, f.gateway.OpsURL()+"/metrics")
	for _, line := range []string{
		`zhengqiao_frontdb_batch_rows_count{platform="jiaoguan12123"} 1`, `zhengqiao_frontdb_rows_total{outcome="written",platform="jiaoguan12123"} 1`,
		`zhengqiao_frontdb_rows_total{outcome="broken",platform="jiaoguan12123"} 1`, `zhengqiao_frontdb_rows_total{outcome="reported",platform="jiaoguan12123"} 1`,
		`zhengqiao_frontdb_rows_total{outcome="refused",platform="jiaoguan12123"} 1`, `zhengqiao_frontdb_last_batch_timestamp_seconds{platform="jiaoguan12123"} 1.`,
	} {
		if !strings.Contains(text, line) {
			f.t.Errorf("metrics lack %s", line)
		}
	}
}
