package suishenban

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// question is the union of the requests; each operation reads its own part.
type question struct {
	Account  string `json:"account"` // login
	Password string `json:"password"`

	SessionID    string `json:"sessionId"` // every later call
	OrgName      string `json:"orgName"`   // who asks
	Username     string `json:"username"`
	ItemName     string `json:"itemName"` // for which matter
	ItemCode     string `json:"itemCode"`
	BusinessCode string `json:"businessCode"` // in which case

	HolderType  string `json:"holderType"` // existence
	HolderCode  string `json:"holderCode"`
	HolderName  string `json:"holderName"`
	CatMainCode string `json:"catMainCode"`

	CertUUID string `json:"certUuid"` // face data
}

func parse(call standin.Call) (question, error) {
	var asked question
	if call.Request.Method != http.MethodPost {
		return question{}, errors.New("only POST")
	}
	if err := json.Unmarshal(call.Body, &asked); err != nil {
		return question{}, err
	}
	return asked, nil
}

// envelope is around every answer.
type envelope struct {
	Success   bool   `json:"success"`
	ErrorCode string `json:"errorCode"`
	ErrorMsg  string `json:"errorMsg"`
	Data      any    `json:"data"`
}

func succeed(call standin.Call, data any) standin.Reply {
	return standin.JSON(call, http.StatusOK, envelope{Success: true, Data: data})
}

func fail(call standin.Call, code, message string) standin.Reply {
	return standin.JSON(call, http.StatusOK, envelope{ErrorCode: code, ErrorMsg: message})
}
