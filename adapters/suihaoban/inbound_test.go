package suihaoban

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func inbound() (Inbound, *usedNonces) {
	v, nonces := verifier()
	return Inbound{Verifier: v, Reporter: "suihaoban", Region: "440000"}, nonces
}

// rowText is a row of a changed licence with number n.
func rowText(n int, id string) string {
	return `{"xh":"` + strconv.Itoa(n) + `","sfzmhm":"` + id + `","gxsj":"2022-03-31 08:00:00","zt":"D","cd_operation":"u","extra":[1]}`
}

func batchOf(rows ...string) []byte {
	return []byte(`{"cd_batch":"B-1","rows":[` + strings.Join(rows, ",") + `]}`)
}

func TestReceive(t *testing.T) {
	t.Parallel()
	i, _ := inbound()
	reports, said, err := i.Receive(pushed(), batchOf(rowText(1, number), rowText(2, "1"), `7`, rowText(3, number)), received)
	answer := said(nil)
	if err != nil || len(reports) != 2 || reports[0].ID != "1" || reports[1].ID != "3" || reports[0].Facts.Status != "D" ||
		reports[0].Region != "440000" || reports[0].Reporter != "suihaoban" {
		t.Errorf("reports %+v, error %v", reports, err)
	}
	want := `{"errcode":0,"errmsg":"","data":{"jsts":2,"cw":[{"xh":2,"cwxx":"column sfzmhm: an ID number has 17 digits and a digit or X"},` +
		`{"xh":0,"cwxx":"the row has no number, or that of another row"}]}}`
	if string(answer) != want {
		t.Errorf("answer %s\nwant   %s", answer, want)
	}
}

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	many := make([]string, MaxPushRows+1)
	for n := range many {
		many[n] = "{}"
	}
	good := string(batchOf(rowText(1, number)))
	for name, c := range map[string]struct {
		header http.Header
		body   string
		want   exchange.Code
		answer string
		spent  int // nonces
	}{
		"unsigned":          {pushed("x-tif-signature", "00"), good, exchange.SignatureInvalid, `"errcode":40101`, 0},
		"no headers":        {http.Header{}, good, exchange.SignatureMissing, `"errcode":40101`, 0},
		"not JSON":          {pushed(), `rows`, exchange.MalformedJSON, `"errcode":40003`, 1},
		"more after it":     {pushed(), good + `{}`, exchange.MalformedJSON, `"errcode":40003`, 1},
		"an unknown member": {pushed(), strings.Replace(good, `"rows"`, `"more":1,"rows"`, 1), exchange.MalformedJSON, `"errcode":40003`, 1},
		"a member twice":    {pushed(), strings.Replace(good, `"rows"`, `"cd_batch":"","rows"`, 1), exchange.MalformedJSON, `"errcode":40003`, 1},
		"broken UTF-8":      {pushed(), strings.Replace(good, `B-1`, "\xff", 1), exchange.MalformedJSON, `"errcode":40003`, 1},
		"no rows":           {pushed(), `{"cd_batch":"B-1","rows":[]}`, exchange.InvalidRequest, `"errcode":40003`, 1},
		"too many rows":     {pushed(), string(batchOf(many...)), exchange.InvalidRequest, `"errcode":40003`, 1},
		"too long":          {pushed(), strings.Repeat(" ", MaxPushBody) + good, exchange.BodyTooLarge, `"errcode":40003`, 0},
		"too deep":          {pushed(), strings.Repeat("[", 20000), exchange.MalformedJSON, `"errcode":40003`, 1},
	} {
		i, nonces := inbound()
		reports, said, err := i.Receive(c.header, []byte(c.body), received)
		answer := said(nil)
		if exchange.CodeOf(err) != c.want || len(reports) != 0 || !strings.Contains(string(answer), c.answer) || len(nonces.until) != c.spent {
			t.Errorf("%s: %d reports, answer %s, error %v, %d nonces", name, len(reports), answer, err, len(nonces.until))
		}
		if strings.Contains(string(answer), number) || err != nil && strings.Contains(err.Error(), number) {
			t.Errorf("%s: the ID number is repeated", name)
		}
	}
}

func TestReceiveTakesNoPushTwice(t *testing.T) {
	t.Parallel()
	i, _ := inbound()
	if _, _, err := i.Receive(pushed(), batchOf(rowText(1, number)), received); err != nil {
		t.Fatal(err)
	}
	reports, said, err := i.Receive(pushed(), batchOf(rowText(1, number)), received)
	answer := said(nil)
	if exchange.CodeOf(err) != exchange.RequestReplayed || len(reports) != 0 || !strings.Contains(string(answer), "request-replayed") {
		t.Errorf("again: %d reports, answer %s, error %v", len(reports), answer, err)
	}
}

func FuzzReadPush(f *testing.F) {
	f.Add(batchOf(rowText(1, number), rowText(2, "")))
	f.Add([]byte(`{"cd_batch":null,"rows":[null,1,"",[],{}]}`))
	f.Add([]byte(`{"rows":[{"xh":18446744073709551615,"SFZMHM":"x","sfzmhm":"y"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		i, _ := inbound()
		reports, said, err := i.Receive(pushed(), body, received)
		answer := said(nil)
		if err != nil && len(reports) > 0 || len(answer) == 0 {
			t.Fatalf("%d reports, answer %q, error %v", len(reports), answer, err)
		}
	})
}

func BenchmarkReceive(b *testing.B) {
	i, nonces := inbound()
	header, body := pushed(), batchOf(rowText(1, number))
	b.ReportAllocs()
	for b.Loop() {
		clear(nonces.until)
		if _, _, err := i.Receive(header, body, received); err != nil {
			b.Fatal(err)
		}
	}
}
