package tmri

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// rowOf gives a row of these columns, in the order of their names.
func rowOf(texts map[string]string) columns {
	var row columns
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		row = append(row, newCell(name, texts[name]))
	}
	return row
}

func TestYuanBecomeFenExactly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"0": 0, "200": 200_00, "200.0": 200_00, "200.00": 200_00, "0.29": 29, "1.15": 1_15, "4.35": 4_35, "2000.5": 2000_50,
		"200.0000": 200_00, "200.": 200_00, "0.01": 1, "2147483647.99": 2147483647_99,
	} {
		if got, err := fenOf(text); err != nil || got != want {
			t.Errorf("%s yuan: %d fen, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1", "+1", "1.005", ".", ".5", "1,5", "1e2", "二百", "0x10", "1_0", "1.-5", "1.2.3", "99999999999999999999"} {
		if got, err := fenOf(text); err == nil {
			t.Errorf("%q: %d fen, want an error", text, got)
		}
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	want := time.Date(2024, 3, 1, 8, 30, 5, 0, exchange.Shanghai())
	for text, ok := range map[string]bool{
		"2024-03-01 08:30:05": true, "2024-03-01 08:30:05.0": true, " 2024-03-01 08:30:05 ": true, "2024-03-01": false,
		"2024-02-30 08:30:05": false, "2024-03-01T08:30:05": false, "20240301083005": false,
	} {
		r := reader{columns: columns{newCell("wfsj", text)}}
		if got := r.moment("wfsj"); (r.err == nil) != ok || ok && !got.Equal(want) {
			t.Errorf("%q: %v, %v", text, got, r.err)
		}
	}
}

func TestPaymentFlags(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]exchange.Payment{
		"": "", "0": exchange.PaymentUnpaid, "1": exchange.PaymentPaid, "9": exchange.PaymentNone, "5": exchange.PaymentUnknown,
	} {
		if got := payment(flag); got != want {
			t.Errorf("%q: %q, want %q", flag, got, want)
		}
	}
}

func TestRowsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]map[string]string{
		"no number":  {"wfsj": "2024-03-01 08:30:05"},
		"bad time":   {"wfbh": "1", "xh": "1", "wfsj": "yesterday"},
		"bad points": {"wfbh": "1", "wfjfs": "three"},
		"bad fine":   {"wfbh": "1", "fkje": "1.005"},
		"bad day":    {"wfbh": "1", "clsj": "2024-02-30"},
	} {
		if _, err := decision(rowOf(row)); exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A camera record's points and money are never read, so they cannot be wrong.
	if _, err := camera(rowOf(map[string]string{"xh": "1", "wfjfs": "three", "fkje": "x"})); err != nil {
		t.Error(err)
	}
}

func TestPicturesThatAreRefused(t *testing.T) {
	t.Parallel()
	good := map[string]string{"xh": "7", "hpzl": "02", "hphm": "沪A0001", "zp1": "/9j/\r\n4AAQ "}
	if picture, err := readPicture(rowOf(good), "7"); err != nil || len(picture.Data) != 6 {
		t.Fatalf("%d bytes, %v", len(picture.Data), err)
	}
	for name, change := range map[string][2]string{
		"no plate": {"hphm", ""}, "no plate type": {"hpzl", ""}, "another's": {"xh", "8"}, "no base64": {"zp1", "/9j/4AA!"},
		"no picture": {"zp1", ""}, "a page": {"zp1", "PGh0bWw+"}, "a PNG": {"zp1", "iVBORw0KGgo="},
	} {
		row := maps.Clone(good)
		row[change[0]] = change[1]
		if _, err := readPicture(rowOf(row), "7"); exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
