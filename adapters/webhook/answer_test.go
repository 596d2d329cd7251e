package webhook

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestReadHoldings(t *testing.T) {
	t.Parallel()
	long := `{"holdings":[` + strings.TrimSuffix(strings.Repeat(`{"licence":"b","version":1,"digest":"d"},`, holdingsPage+1), ",") + `]}`
	for answer, want := range map[string]exchange.Code{
		`{"holdings":[]}`: "",
		`{"holdings":[{"licence":"b","version":1,"digest":"d"},{"licence":"c","version":1,"digest":"d"}],"more":true}`: "",
		`{"holdings":[{"licence":"c","version":1,"digest":"d"},{"licence":"b","version":1,"digest":"d"}]}`:             exchange.SourceInvalid,
		`{"holdings":[{"licence":"a","version":1,"digest":"d"}]}`:                                                      exchange.SourceInvalid,
		`{"holdings":null}`: exchange.SourceInvalid,
		`{}`:                exchange.SourceInvalid,
		`[]`:                exchange.SourceInvalid,
		long:                exchange.SourceInvalid,
	} {
		if _, err := readHoldings([]byte(answer), "a"); exchange.CodeOf(err) != want {
			t.Errorf("%.80s: error %v, want %q", answer, err, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"licence":"a","version":7,"duplicate":false}`))
	f.Add([]byte(`{"holdings":[{"licence":"b","version":1,"digest":"d"}]}`))
	f.Add([]byte(`{"version":18446744073709551616}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		notice := exchange.Notice{Licence: "a", Version: 7}
		if err := readReceipt(answer, notice); err == nil && !strings.Contains(string(answer), "version") && !strings.Contains(string(answer), `\u`) {
			t.Fatalf("%q is a receipt", answer)
		}
		holdings, err := readHoldings(answer, "a")
		for after, i := "a", 0; err == nil && i < len(holdings); after, i = holdings[i].Licence, i+1 {
			if holdings[i].Licence <= after || len(holdings) > holdingsPage {
				t.Fatalf("%+v", holdings)
			}
		}
	})
}
