package webhook

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	specVersion = "1.0"
	// typeChanged names the event and, with it, the shape of its data: another shape is another version.
	typeChanged = "cn.zhengqiao.licence.changed.v1"
	typeData    = "application/json"
	// typeEvent is that of structured mode. In binary mode the attributes are headers, which the signature does not cover.
	typeEvent = "application/cloudevents+json"
)

// event is a change as a CloudEvents 1.0 event in JSON.
type event struct {
	SpecVersion string `json:"specversion"`
	ID          string `json:"id"`     // as in the header webhook-id
	Source      string `json:"source"` // the id of this gateway
	Type        string `json:"type"`
	Subject     string `json:"subject"` // the licence's key
	Time        string `json:"time,omitempty"`
	DataType    string `json:"datacontenttype"`
	Data        data   `json:"data"`
}

// data is what happened. It names nobody: the key is a pseudonym.
type data struct {
	Licence  string           `json:"licence"`
	Version  uint64           `json:"version"`
	Events   []exchange.Event `json:"events"`
	Region   exchange.Region  `json:"region"`
	Happened string           `json:"happenedAt,omitempty"`
	Origin   string           `json:"origin"`
	Via      []string         `json:"via"`
	Fields   fields           `json:"fields,omitzero"` // of full content
	Masked   []exchange.Field `json:"masked,omitzero"` // those of them that are shown in part
}

// write gives the event's id and its JSON. The error is of code Internal: a value that JSON cannot hold, or a notice that names no
// gateway.
func write(notice exchange.Notice, content string) (id string, body []byte, err error) {
	if len(notice.Via) == 0 {
		return "", nil, exchange.Errorf(exchange.Internal, "the notice names no gateway")
	}
	shown, err := contentOf(notice, content)
	if err != nil {
		return "", nil, err
	}
	id = idOf(notice, shown)
	if err := checkID(id); err != nil {
		return "", nil, err
	}
	body, err = json.Marshal(eventOf(id, notice, shown), json.Deterministic(true))
	if err != nil {
		return "", nil, exchange.Errorf(exchange.Internal, "the notice is not UTF-8 text")
	}
	return id, body, nil
}

func eventOf(id string, notice exchange.Notice, shown fields) event {
	told := event{
		SpecVersion: specVersion, ID: id, Source: notice.Via[len(notice.Via)-1], Type: typeChanged, Subject: notice.Licence,
		DataType: typeData, Data: data{
			Licence: notice.Licence, Version: notice.Version, Events: notice.Events, Region: notice.Region,
			Origin: notice.Origin, Via: notice.Via, Fields: shown,
		},
	}
	if len(notice.Events) > 0 { // alone, the time would tell of a change that is hidden
		told.Time = notice.Happened.In(exchange.Shanghai()).Format(time.RFC3339)
		told.Data.Happened = told.Time
	}
	for _, field := range notice.Fields {
		if _, has := shown[field.Name]; has && field.Masked {
			told.Data.Masked = append(told.Data.Masked, field.Name)
		}
	}
	return told
}

// idOf gives the same id to the same message, however often it is sent: licence and version, and for full content a part of its
// digest, since the same version shaped anew, after policy changed, is another message.
func idOf(notice exchange.Notice, shown fields) string {
	id := notice.Licence + "/" + strconv.FormatUint(notice.Version, 10)
	if shown != nil {
		id += "/" + shown.digest()[:16]
	}
	return id
}
