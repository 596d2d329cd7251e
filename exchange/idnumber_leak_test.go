package exchange

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// hidden fails the test if the text shows the birth date, and with it most of the number.
func hidden(t *testing.T, how, text string) {
	t.Helper()
	if strings.Contains(text, "19491231") || strings.Contains(text, fmt.Sprintf("%x", "19491231")) {
		t.Errorf("%s shows the number", how)
	}
}

func TestIDNumberPrintsMasked(t *testing.T) {
	t.Parallel()
	n := idNumber(t, citizenID)
	for verb, want := range map[string]string{
		"%v": "1****************X", "%+v": "1****************X", "%s": "1****************X", "%q": `"1****************X"`,
		"%#v": "exchange.IDNumber(1****************X)",
	} {
		if got := fmt.Sprintf(verb, n); got != want {
			t.Errorf("%s: %s", verb, got)
		}
	}
}

// Verbs that fit no text, and members that fmt can only reach by reflection, must not open a way around String.
func TestIDNumberNeverPrintsClear(t *testing.T) {
	t.Parallel()
	n := idNumber(t, citizenID)
	type inner struct{ number IDNumber }
	values := map[string]any{
		"value": n, "pointer": &n, "list": []IDNumber{n}, "map": map[IDNumber]IDNumber{n: n}, "exported": Subject{IDNumber: n},
		"unexported": inner{n}, "unexported pointer": &inner{n}, "array": [1]inner{{n}}, "request": SourceRequest{Subject: Subject{IDNumber: n}},
	}
	for name, value := range values {
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %o %b %t %e %c %U %p %T") {
			hidden(t, name+" by "+verb, fmt.Sprintf(verb, value))
		}
		hidden(t, name+" by Sprint", fmt.Sprint(value))
	}
}

func TestIDNumberIsLoggedMasked(t *testing.T) {
	t.Parallel()
	n := idNumber(t, citizenID)
	type inner struct{ number IDNumber }
	var log bytes.Buffer
	for name, handler := range map[string]slog.Handler{"text": slog.NewTextHandler(&log, nil), "json": slog.NewJSONHandler(&log, nil)} {
		log.Reset()
		slog.New(handler).Info("query", "id", n, "subject", Subject{IDNumber: n}, "list", []IDNumber{n}, "inner", inner{n},
			slog.Group("group", "id", &n))
		hidden(t, name, log.String())
		if !strings.Contains(log.String(), "1****************X") {
			t.Errorf("%s: nothing was logged: %s", name, log.String())
		}
	}
}

func TestIDNumberIsEncodedMasked(t *testing.T) {
	t.Parallel()
	n := idNumber(t, citizenID)
	for name, marshal := range map[string]func(any) ([]byte, error){"json": json.Marshal, "xml": xml.Marshal} {
		text, err := marshal(Subject{Name: citizenName, IDNumber: n})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		hidden(t, name, string(text))
		if !bytes.Contains(text, []byte("1****************X")) {
			t.Errorf("%s: %s", name, text)
		}
	}
	key, err := json.Marshal(map[IDNumber]int{n: 1})
	if err != nil || string(key) != `{"1****************X":1}` {
		t.Errorf("as a key: %s, error %v", key, err)
	}
}

// What was written masked can't be read back as a number.
func TestIDNumberIsNotDecoded(t *testing.T) {
	t.Parallel()
	var subject struct{ IDNumber IDNumber }
	if err := json.Unmarshal([]byte(`{"IDNumber":"`+citizenID+`"}`), &subject); err == nil {
		t.Error("an ID number was read past ParseIDNumber")
	}
}
