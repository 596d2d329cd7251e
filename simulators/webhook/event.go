package webhook

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/holding"
)

// event is a CloudEvents 1.0 event with the attributes and data of a licence change.
type event struct {
	SpecVersion string `json:"specversion"`
	ID          string `json:"id"`
	Source      string `json:"source"`
	Type        string `json:"type"`
	Subject     string `json:"subject"`
	Time        string `json:"time"`
	DataType    string `json:"datacontenttype"`
	Data        struct {
		Licence  string                     `json:"licence"`
		Version  uint64                     `json:"version"`
		Events   []change                   `json:"events"`
		Region   string                     `json:"region"`
		Happened string                     `json:"happenedAt"`
		Origin   string                     `json:"origin"`
		Via      []string                   `json:"via"`
		Fields   map[string]json.RawMessage `json:"fields"`
		Masked   []string                   `json:"masked"`
	} `json:"data"`
}

type change struct {
	Kind   string `json:"kind"`
	Letter string `json:"letter"`
}

// read reads an event strictly: a member that has no business there could be personal data. problem says what is wrong with it,
// never by value.
func read(body []byte) (told event, problem string) {
	if holding.Strict(body, &told) != nil {
		return event{}, "not an event, or a member that events of this type do not have"
	}
	return told, ""
}

// fault says what is wrong with an event that came under the id, "" for nothing.
func (e *event) fault(id, source string) string {
	d := &e.Data
	version := e.Subject + "/" + strconv.FormatUint(d.Version, 10)
	happened, err := time.Parse(time.RFC3339, e.Time)
	switch {
	case e.SpecVersion != "1.0" || e.Type != "cn.zhengqiao.licence.changed.v1" || e.DataType != "application/json":
		return "not an event of a type that is taken"
	case e.ID != id || id != version && !strings.HasPrefix(id, version+"/"):
		return "id is not webhook-id, or not that of the licence's version"
	case e.Source == "" || source != "" && e.Source != source || len(d.Via) == 0 || d.Via[len(d.Via)-1] != e.Source:
		return "source is another gateway"
	case e.Subject == "" || d.Licence != e.Subject || d.Version == 0 || d.Origin == "" || len(d.Region) != 6 || d.Events == nil:
		return "licence, version, events, region or origin is missing"
	case e.Time != d.Happened || (e.Time == "") != (len(d.Events) == 0) || e.Time != "" && (err != nil || happened.IsZero()):
		return "time is not happenedAt, or stands without an event"
	}
	return e.faultOfFields()
}

// contractFields are those that the contract lets a change carry.
func contractFields() []string {
	return []string{
		"cardNumber", "classes", "status", "mayDrive", "points", "cycleEnd", "issuedOn", "validUntil", "longTerm", "validity", "replacements",
	}
}

func (e *event) faultOfFields() string {
	for name := range e.Data.Fields {
		if !slices.Contains(contractFields(), name) {
			return "a field that changes do not carry"
		}
	}
	for _, name := range e.Data.Masked {
		if !strings.Contains(string(e.Data.Fields[name]), "*") {
			return "a field is named as masked and is whole"
		}
	}
	return ""
}

// copy gives what is to be held. A thin event leaves no field.
func (e *event) copy(now time.Time) holding.Copy {
	held := holding.Copy{
		Licence: e.Subject, IDNumber: e.Subject, Version: e.Data.Version, Fields: map[string]string{}, Masked: e.Data.Masked, Learned: now,
	}
	for name, value := range e.Data.Fields {
		held.Fields[name] = canonical(value)
	}
	for _, each := range e.Data.Events {
		held.Events = append(held.Events, holding.Event(each))
	}
	return held
}

// canonical writes a value without blanks and with the members of objects in order (RFC 8785, for values without fractions).
func canonical(value json.RawMessage) string {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	var read any
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	if decoder.Decode(&read) != nil || encoder.Encode(read) != nil {
		return string(value) // it was read as part of the event already
	}
	return strings.TrimSpace(written.String())
}
