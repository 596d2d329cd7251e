package gateway_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

// changed is the good report with one text replaced.
func changed(t tb, old, new string) []byte {
	t.Helper()
	good := testdata(t, "change.json")
	if !bytes.Contains(good, []byte(old)) {
		t.Fatalf("the good report lacks %s", old)
	}
	return bytes.Replace(good, []byte(old), []byte(new), 1)
}

func (r *rig) report(t tb, platform string, body []byte) response {
	t.Helper()
	return r.send(t, r.sign(t, platform, "POST", "/v1/changes", body, keyed(body)))
}

// outcome is what the tests look at in the answer to a report.
type outcome struct {
	Outcome, Licence string
	Version          uint64
	Text             struct{ ZH, EN string }
	Receipt          struct{ Index int }
}

func (r response) outcome(t tb) outcome {
	t.Helper()
	var o outcome
	if err := json.Unmarshal(r.body, &o); err != nil || r.status != http.StatusAccepted {
		t.Fatalf("status %d: %s", r.status, r.body)
	}
	return o
}

func TestEachOutcomeOfAReportIsAccepted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	texts := map[string]bool{}
	r.desk.announce = func(a changefeed.Announcement) (exchange.Rank, error) {
		return map[string]exchange.Rank{"suishenban": exchange.RankProvince, "national": exchange.RankPlatform}[a.Reporter], nil
	}
	with := func(id, at, status string) []byte {
		body := changed(t, `"ssb-1"`, `"`+id+`"`)
		body = bytes.Replace(body, []byte("2026-11-24T09:20:00+08:00"), []byte(at), 1)
		body = bytes.Replace(body, []byte(`"sequence": 17,`), nil, 1)
		return bytes.Replace(body, []byte(`"status": ["B", "D"]`), []byte(`"status": `+status), 1)
	}
	for i, row := range []struct {
		platform string
		body     []byte
		outcome  exchange.ReportOutcome
		version  uint64
	}{
		{"suishenban", testdata(t, "change.json"), exchange.ReportAccepted, 1},
		{"suishenban", testdata(t, "change.json"), exchange.ReportDuplicate, 1},
		{"suishenban", with("ssb-0", "2026-11-24T09:19:00+08:00", `["A"]`), exchange.ReportStale, 1},
		{"national", with("n-1", "2026-11-24T09:18:00+08:00", `["B", "D"]`), exchange.ReportUnchanged, 1},
		{"national", with("n-2", "2026-11-24T09:21:00+08:00", `["D"]`), exchange.ReportConflicting, 1},
		{"suishenban", with("ssb-2", "2026-11-24T09:22:00+08:00", `["F"]`), exchange.ReportAccepted, 2},
		{"suishenban", with("ssb-3", "2026-11-24T09:23:00+08:00", `["A"]`), exchange.ReportImpossible, 2},
	} {
		got := r.report(t, row.platform, row.body).outcome(t)
		if got.Outcome != string(row.outcome) || got.Version != row.version || got.Receipt.Index != i {
			t.Errorf("report %d: %+v, want %s, version %d", i, got, row.outcome, row.version)
		}
		texts[got.Text.ZH+got.Text.EN] = true
		if record := r.desk.recorded()[i]; record.Outcome != got.Outcome || record.Operation != exchange.ChangeReport || record.Subject != got.Licence {
			t.Errorf("recorded as %+v", record)
		}
	}
	if len(texts) != 6 {
		t.Errorf("%d texts for 6 outcomes", len(texts))
	}
	r.checkQuiet(t)
}

// TestReportIsKeptAsItWasSigned: who, of whom, what, when, on which way; and the bytes that prove it.
func TestReportIsKeptAsItWasSigned(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := testdata(t, "change.json")
	got := r.report(t, "suishenban", body).outcome(t)
	number := must(exchange.ParseIDNumber(idGood, testNow()))(t)
	if got.Licence != r.desk.Pseudonym(number) {
		t.Errorf("licence %s", got.Licence)
	}
	record := r.desk.recorded()[0]
	if record.ID != "ssb-1" || record.Platform != "suishenban" || record.KeyID != "suishenban-1" || record.Region != "310000" ||
		record.Source != "sh-city" || !bytes.Equal(record.Body, body) || len(record.Signature) == 0 || len(record.SignedBytes) == 0 {
		t.Errorf("record %+v", record)
	}
	known, err := changefeed.NewBook(&r.licences, open{}, testNow).Last(t.Context(), got.Licence)
	if err != nil || known.Subject.Name != "张三" || known.Subject.IDNumber != number {
		t.Fatalf("known of %v, %v", known.Subject, err)
	}
	stands, change := known.State.Stands, known.State.Change
	if stands.Status != "BD" || len(stands.Classes) != 2 || stands.ValidUntil.String() != "2030-05-09" || *stands.LongTerm || stands.CardNumber != "3110012345678" ||
		stands.IssuedOn.String() != "2026-11-24" || *stands.Replacements != 1 || *stands.Points != 12 || stands.CycleEnd.String() != "2027-05-09" {
		t.Errorf("stands %+v", stands)
	}
	if change.Report != "ssb-1" || change.Origin != "sh-city" || strings.Join(change.Via, " ") != "gateway-x gateway-y" ||
		!change.Happened.Equal(testNow().Add(-10*60e9)) || !change.Learned.Equal(testNow()) {
		t.Errorf("change %+v", change)
	}
}

// A clock that runs ahead by less than a minute keeps its own order: the moment is the reporter's, not ours.
func TestReportsOfAClockAheadKeepTheirMoment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.report(t, "suishenban", changed(t, "2026-11-24T09:20:00+08:00", "2026-11-24T09:30:59+08:00")).outcome(t)
	known := must(changefeed.NewBook(&r.licences, open{}, testNow).Last(t.Context(), got.Licence))(t)
	if at := known.State.Change.Happened; !at.Equal(testNow().Add(59e9)) {
		t.Errorf("happened at %s", at)
	}
}

func TestWrongReportsGetTheirProblem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, row := range map[string]struct{ old, new, pointers string }{
		"wrong check character":      {idGood, idWrongCheck, "/subject/idNumber:id-check"},
		"a region of nowhere":        {`"region": "310000"`, `"region": "990000"`, "/region:no-such-region"},
		"an ID number for a name":    {`"ssb-1"`, `"` + idGood + `"`, "/reportId:personal-number"},
		"an ID number as card":       {"3110012345678", idGood, "/facts/cardNumber:personal-number"},
		"an ID number as origin":     {`"sh-city"`, `"` + idGood + `"`, "/origin:personal-number"},
		"an ID number on the way":    {`"gateway-y"`, `"` + idGood + `"`, "/via/1:personal-number"},
		"tomorrow":                   {"2026-11-24T09:20:00+08:00", "2026-11-25T09:20:00+08:00", "/happenedAt:in-the-future"},
		"30 February":                {"2030-05-09", "2030-02-30", "/facts/validUntil:no-such-date"},
		"a cycle ends on no day":     {"2027-05-09", "2027-13-01", "/facts/cycleEnd:no-such-date"},
		"issued tomorrow":            {`"issuedOn": "2026-11-24"`, `"issuedOn": "2026-11-25"`, "/facts/issuedOn:in-the-future"},
		"issued, but which card":     {`"cardNumber": "3110012345678", "replacements": 1,`, ``, "/facts/replacements:missing"},
		"status as a text":           {`["B", "D"]`, `"BD"`, "/facts/status:wrong-type"},
		"status of no letter":        {`["B", "D"]`, `[]`, "/facts/status:wrong-count"},
		"a letter twice":             {`["B", "D"]`, `["B", "B"]`, "/facts/status:repeated"},
		"a small letter":             {`["B", "D"]`, `["b"]`, "/facts/status/0:wrong-form"},
		"two letters in one":         {`["B", "D"]`, `["BD"]`, "/facts/status/0:wrong-form /facts/status/0:wrong-length"},
		"a class that is none":       {`["C1", "D"]`, `["C9"]`, "/facts/classes/0:not-listed"},
		"a class twice":              {`["C1", "D"]`, `["C1", "C1"]`, "/facts/classes:repeated"},
		"points below nought":        {`"points": 12`, `"points": -1`, "/facts/points:out-of-range"},
		"sequence nought":            {`"sequence": 17`, `"sequence": 0`, "/sequence:out-of-range"},
		"sequence as a number of ID": {`"sequence": 17`, `"sequence": ` + idWrongCheck, "/sequence:out-of-range"},
		"no facts":                   {`"facts": {`, `"fact": {`, "/fact:unknown-member /facts:missing"},
	} {
		got := r.report(t, "suishenban", changed(t, row.old, row.new))
		p := got.problem(t)
		if p.Code != "invalid-request" || places(p) != row.pointers || p.Receipt == nil {
			t.Errorf("%s: came out as %s, %q, want %q", name, p.Code, places(p), row.pointers)
		}
		last := r.desk.recorded()[len(r.desk.recorded())-1]
		if last.Operation != exchange.ChangeReport || last.Outcome != "invalid-request" {
			t.Errorf("%s: recorded as %s", name, last.Outcome)
		}
	}
	empty := []byte(`{"reportId":"e","subject":{"name":"张三","idNumber":"` + idGood + `"},"happenedAt":"2026-11-24T09:20:00+08:00","facts":{}}`)
	if p := r.report(t, "suishenban", empty).problem(t); places(p) != "/facts:wrong-form" {
		t.Errorf("facts that say nothing: %s", places(p))
	}
	r.checkQuiet(t)
}

// An unknown letter is kept: a decree may add one before we know it. It is not confirmed valid.
func TestUnknownLetterIsKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.report(t, "suishenban", changed(t, `["B", "D"]`, `["W"]`)).outcome(t)
	known := must(changefeed.NewBook(&r.licences, open{}, testNow).Last(t.Context(), got.Licence))(t)
	if status := known.State.Stands.Status; status != "W" || status.MayDrive() != exchange.MayDriveUnknown {
		t.Errorf("status %s, may drive %s", status, status.MayDrive())
	}
}

func TestReportNamesItselfOnceInTheHeader(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, values := range map[string][]string{
		"none": nil, "another": {"ssb-2"}, "two": {"ssb-1", "ssb-1"}, "empty": {""}, "no name": {"a b"}, "a number": {idGood},
	} {
		body := testdata(t, "change.json")
		got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/changes", body, func(request *http.Request) {
			request.Header["Idempotency-Key"] = values
		}))
		if p := got.problem(t); places(p) != "/reportId:idempotency-key" || p.Receipt == nil {
			t.Errorf("%s: came out as %s, %s", name, p.Code, places(p))
		}
	}
	if p := r.send(t, r.sign(t, "suishenban", "POST", "/v1/changes?x=1", testdata(t, "change.json"), keyed(testdata(t, "change.json")))).problem(t); places(p) != "/:query-string" {
		t.Errorf("with a query string: %s", places(p))
	}
	r.checkQuiet(t)
}

func TestWhoMayNotAnnounceIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.desk.announce = func(changefeed.Announcement) (exchange.Rank, error) {
		text := exchange.Text{ZH: "不得报告", EN: "may not announce"}
		return 0, &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: "announcement_not_allowed", Text: text}}}
	}
	got := r.report(t, "suishenban", testdata(t, "change.json"))
	if p := got.problem(t); p.Code != "policy-refused" || p.Receipt == nil || p.Reasons[0].Code != "announcement_not_allowed" {
		t.Errorf("came out as %s: %s", p.Code, got.body)
	}
}

func TestReportThatCannotBeKeptComesAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for err, code := range map[error]string{journal.ErrClosed: "record-not-durable", journal.ErrOverloaded: "overloaded", journal.ErrCorrupt: "internal"} {
		r.licences.fail(err)
		got := r.report(t, "suishenban", testdata(t, "change.json"))
		if p := got.problem(t); p.Code != code || p.Receipt == nil {
			t.Errorf("%v: came out as %s", err, got.body)
		}
	}
	r.licences.fail(nil)
	if got := r.report(t, "suishenban", testdata(t, "change.json")).outcome(t); got.Outcome != "accepted" {
		t.Errorf("then %+v", got)
	}
}

func TestReportsAreOptional(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gateway.Deps) { deps.Changes, deps.Feeds = nil, nil })
	if p := r.report(t, "suishenban", testdata(t, "change.json")).problem(t); p.Code != "operation-not-offered" || p.Receipt == nil {
		t.Errorf("a report came out as %s", p.Code)
	}
	if p := r.send(t, r.sign(t, "suishenban", "GET", "/v1/changes", nil)).problem(t); p.Code != "operation-not-offered" {
		t.Errorf("the feed came out as %s", p.Code)
	}
}

// A platform that must encrypt reports in an envelope and gets the outcome in one; the key in the header is that of the content.
func TestReportInAnEnvelope(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	content := changed(t, `"ssb-1"`, `"zlb-1"`)
	if p := r.report(t, "zheliban", content).problem(t); p.Code != "envelope-required" {
		t.Errorf("in the clear: %s", p.Code)
	}
	sealed := must(envelope.Seal(rand.Reader, "gateway-1", r.keys["gateway"].Public(), content, []byte("POST /v1/changes")))(t)
	request := r.sign(t, "zheliban", "POST", "/v1/changes", sealed, keyed(content), func(request *http.Request) {
		request.Header.Set("Content-Type", "application/vnd.zhengqiao.envelope+json")
	})
	got := r.send(t, request)
	if got.status != http.StatusAccepted || got.header.Get("Content-Type") != "application/vnd.zhengqiao.envelope+json" {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	ring := func(kid string) (envelope.Unwrapper, bool) { return r.keys["zheliban"], kid == "zheliban-1" }
	opened := must(envelope.Open(got.body, ring, []byte(request.Header.Get("Signature"))))(t)
	if o := (response{status: got.status, body: opened}).outcome(t); o.Outcome != "accepted" {
		t.Errorf("outcome %+v", o)
	}
	digest := smcrypto.SM3([]byte(idGood))
	if o := (response{status: got.status, body: opened}).outcome(t); o.Licence != hex.EncodeToString(digest[:]) {
		t.Errorf("licence %s", o.Licence)
	}
}

// TestOnlyGatewaysSayWhereAChangeCameFrom: who is named as origin, or on the way, is not told of the change.
func TestOnlyGatewaysSayWhereAChangeCameFrom(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := bytes.ReplaceAll(testdata(t, "change.json"), []byte("310000"), []byte("440000"))
	if p := r.report(t, "suihaoban", body).problem(t); p.Code != "invalid-request" || places(p) != "/origin:not-a-gateway /via:not-a-gateway" || p.Receipt == nil {
		t.Errorf("%+v", p)
	}
}
