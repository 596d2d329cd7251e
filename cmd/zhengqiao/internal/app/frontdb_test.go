package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/exchange"
)

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

	f.exec("INSERT INTO {s}.dn_lic_status (cd_operation, cd_batch, cd_time, sfzmhm, xzqh, zt, ljjf, gxsj) VALUES ('u', 'N-1', $1, $2, '310000', 'J', 3, $1), "+
		"('u', 'N-1', $1, 'nobody', '310000', 'A', NULL, $1), ('u', 'N-1', $1, $2, '310000', NULL, 5, $1)",
		time.Now().In(exchange.Shanghai()), holder)
	f.until("its row is known", func() bool {
		known, err := f.gateway.Book().Last(t.Context(), licence)
		return err == nil && known.State.Stands.Status == "J" && known.State.Change.Reporter == frontPlatform
	})
	f.until("the broken row, and it alone, is in the mirror", func() bool {
		return strings.HasPrefix(f.one("SELECT coalesce(string_agg(error_remark || error_by, ','), '') FROM {s}.dn_lic_status_error"), "column sfzmhm: ")
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
