package console

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/exchange/personal"
	"github.com/zhengqiao/zhengqiao/watch"
)

// mostReason bounds a reason, in characters.
const mostReason = 200

// Reason gives why the visitor orders what his form orders. It goes into records for years, so no personal number may stand there, nor
// what would mislead whoever reads them. Errors: [Fault].
func (v *Visit) Reason() (string, error) {
	reason := strings.TrimSpace(strings.ReplaceAll(v.PostForm.Get("reason"), "\r\n", " "))
	switch {
	case personal.Blank(reason):
		return "", wrong("请填写理由。", "A reason is needed.")
	case utf8.RuneCountInString(reason) > mostReason:
		return "", wrong("理由最多 200 字。", "A reason has 200 characters at most.")
	case !utf8.ValidString(reason) || strings.ContainsFunc(reason, personal.Misleading):
		return "", wrong("理由中有不可见的字符。", "There are invisible characters in the reason.")
	case personal.Holds(reason, v.Now):
		return "", wrong("理由中不得包含身份证号。", "A reason may not hold an ID number.")
	}
	return reason, nil
}

func wrong(zh, en string) error {
	return &Fault{http.StatusUnprocessableEntity, watch.Text{Zh: zh, En: en}}
}

// OrderID draws the id of an order, by which its record and its job are found.
func (v *Visit) OrderID() (string, error) {
	id, err := uuid.NewRandomFromReader(v.console.config.Random)
	if err != nil {
		return "", fmt.Errorf("draw the id of an order: %w", err)
	}
	return id.String(), nil
}

// Caller is what a record keeps of how an order came in: by which way its giver was proved, and the form without the session's token.
// Nobody signed it; that it was him is the console's word.
func (v *Visit) Caller() (exchange.Caller, error) {
	form := maps.Clone(v.PostForm)
	delete(form, TokenField)
	body, err := json.Marshal(map[string]any{"path": v.URL.Path, "form": form})
	return exchange.Caller{KeyID: "console-" + v.console.config.Way, Body: body}, err
}
