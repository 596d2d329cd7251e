package gateway_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// violationsBody and pictureBody are the good licence body, asking for something else.
func violationsBody(t tb) []byte {
	t.Helper()
	return bytes.Replace(withoutFields(t), []byte(`"maxAge"`), []byte(`"vehicles": [{"plateType": "02", "plateNumber": "沪A12345"}], "maxAge"`), 1)
}

func pictureBody(t tb) []byte {
	t.Helper()
	return bytes.Replace(withoutFields(t), []byte(`"maxAge"`),
		[]byte(`"violationId": "310105990000000", "vehicle": {"plateType": "02", "plateNumber": "沪A12345"}, "maxAge"`), 1)
}

func withoutFields(t tb) []byte {
	t.Helper()
	body := testdata(t, "licence.json")
	cut := []byte(`"fields": ["name", "status", "mayDrive", "points", "cycleEnd", "validUntil"],`)
	if !bytes.Contains(body, cut) {
		t.Fatal("the good body's fields are not where they were")
	}
	return bytes.Replace(body, cut, nil, 1)
}

func TestAllFieldsOfALicence(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", withoutFields(t)))
	var answer struct {
		Licence  map[string]any
		Masked   []string
		Withheld []struct{ Field, Code string }
	}
	if err := json.Unmarshal(got.body, &answer); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]any{
		"idNumber": "1****************X", "birthDate": "1949******", "address": `上海市"某"路<1>号`, "replacements": 0.0,
		"probation": false, "longTerm": false, "validity": "valid", "cycleEnd": "2027-05-09", "updatedAt": "2026*********************",
	} {
		if answer.Licence[field] != want {
			t.Errorf("%s is %v, want %v", field, answer.Licence[field], want)
		}
	}
	if status, _ := answer.Licence["status"].([]any); len(status) != 3 {
		t.Errorf("the status BDJ came out as %v", answer.Licence["status"])
	}
	withheld := map[string]string{}
	for _, one := range answer.Withheld {
		withheld[one.Field] = one.Code
	}
	if len(answer.Licence)+len(withheld) != len(exchange.Fields(exchange.LicenceQuery)) || withheld["overLimitOn"] == "" {
		t.Errorf("fields neither shown nor withheld: %d and %d", len(answer.Licence), len(withheld))
	}
}

func TestProcessedAndUnprocessedViolationsStayApart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/violations/query", violationsBody(t)))
	var answer struct{ Processed, Unprocessed []map[string]any }
	if err := json.Unmarshal(got.body, &answer); err != nil || len(answer.Processed) != 1 || len(answer.Unprocessed) != 1 {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	if answer.Processed[0]["fineFen"] != 10000.0 || answer.Processed[0]["payment"] != "paid" {
		t.Errorf("processed: %v", answer.Processed[0])
	}
	if _, points := answer.Unprocessed[0]["violationPoints"]; points {
		t.Error("an unprocessed violation has points")
	}
}

func TestPictureComesAsBase64(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/violations/picture", pictureBody(t)))
	var answer struct {
		Picture struct {
			ViolationID, MediaType string
			Data                   []byte
		}
	}
	if err := json.Unmarshal(got.body, &answer); err != nil || !bytes.Equal(answer.Picture.Data, []byte{0xFF, 0xD8, 0xFF, 0xD9}) {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	if answer.Picture.MediaType != "image/jpeg" || answer.Picture.ViolationID != "310105990000000" {
		t.Errorf("picture %+v", answer.Picture)
	}
}

func TestCapabilitiesAreForTheCaller(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", nil))
	var answer struct {
		Platform     string
		Capabilities []struct {
			Region     string
			RegionName struct{ ZH string }
			Features   []string
		}
	}
	if err := json.Unmarshal(got.body, &answer); err != nil || answer.Platform != "suishenban" || len(answer.Capabilities) != 1 {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	if one := answer.Capabilities[0]; one.RegionName.ZH != "上海市" || one.Features[0] != "points-reminder" {
		t.Errorf("capability %+v", one)
	}
	if p := r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", []byte("{}"))).problem(t); places(p) != "/:no-body-wanted" {
		t.Errorf("with a body: %s", places(p))
	}
	none := newRig(t, func(deps *gateway.Deps) { deps.Capabilities = nil })
	if got := none.send(t, none.sign(t, "suishenban", "GET", "/v1/capabilities", nil)); got.status != 200 {
		t.Errorf("without a list: status %d", got.status)
	}
}

// A value that JSON can't hold or text that is no UTF-8 must not go out half encoded.
func TestEncoderRefusesWhatItCannotWrite(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"invalid UTF-8": "\xff", "a channel": make(chan int)} {
		answer := &exchange.Answer{Result: exchange.Result{Licence: exchange.Disclosed{{Name: "name", Value: value}}}}
		if _, err := (gateway.Encoder{}).EncodeAnswer(&exchange.Query{Operation: exchange.LicenceQuery}, answer); err == nil {
			t.Errorf("%s was encoded", name)
		}
	}
}

func TestGatewayNeedsItsParts(t *testing.T) {
	t.Parallel()
	if _, err := gateway.New(gateway.Deps{}); err == nil {
		t.Error("a gateway of nothing was made")
	}
}

// A list that was not asked for is left out and withheld; one that is empty says that there are none.
func TestNoVehicleIsNotNoViolation(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/violations/query", withoutFields(t)))
	var answer struct {
		Processed   []map[string]any
		Unprocessed json.RawMessage
		Withheld    []exchange.Withheld
	}
	if err := json.Unmarshal(got.body, &answer); err != nil || answer.Unprocessed != nil || len(answer.Processed) != 1 {
		t.Fatalf("status %d, %v: %s", got.status, err, got.body)
	}
	for _, one := range answer.Withheld {
		if one.Field == "unprocessed" && one.Code == "vehicles_not_stated" && one.Rule == "exchange.shape" {
			return
		}
	}
	t.Errorf("withheld: %+v", answer.Withheld)
}

func TestEncodingTellsNoneFromNotAsked(t *testing.T) {
	t.Parallel()
	for want, list := range map[string][]exchange.Disclosed{
		`{"processed":[],"masked"`:                  nil,
		`{"processed":[],"unprocessed":[],"masked"`: {},
	} {
		answer := exchange.Answer{Result: exchange.Result{Processed: []exchange.Disclosed{}, Unprocessed: list}}
		text, err := gateway.Encoder{}.EncodeAnswer(&exchange.Query{Operation: exchange.ViolationsQuery}, &answer)
		if err != nil || !bytes.HasPrefix(text, []byte(want)) {
			t.Errorf("%v: %s, want %s", err, text, want)
		}
	}
}
