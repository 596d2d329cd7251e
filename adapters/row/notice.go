package row

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Notice is a change as the provinces' notice components take it (Z3, G2 and S3 in the register of assumptions): the columns of
// DRIVINGLICENSE that the platform may see, as they stand now. (jszbs, bbh) makes it idempotent.
type Notice struct {
	Licence  string            `json:"jszbs"`          // 驾驶证标识: the licence's key, a pseudonym
	Version  uint64            `json:"bbh"`            // 版本号, growing
	IDNumber string            `json:"sfzmhm"`         // by which the platform knows the citizen
	Changed  string            `json:"bgsj,omitempty"` // 变更时间; only beside events: alone it would tell of a change that is hidden
	Events   []Event           `json:"bgsx"`           // 变更事项
	Columns  map[string]string `json:"sj"`             // 数据
	Masked   []string          `json:"tmzd"`           // 脱敏字段: columns that are shown in part
}

// Event is one thing that changed.
type Event struct {
	Kind   exchange.EventKind `json:"lx"`           // 类型
	Letter string             `json:"zt,omitempty"` // the status letter that came or went
}

// NoticeOf writes a notice in the columns of the tables. The error is of code Internal: a field or a value that no column can hold.
func NoticeOf(n exchange.Notice) (Notice, error) {
	written := Notice{
		Licence: n.Licence, Version: n.Version, IDNumber: n.Subject.IDNumber.Reveal(), Events: []Event{},
		Columns: map[string]string{}, Masked: []string{},
	}
	for _, event := range n.Events {
		written.Events = append(written.Events, Event(event))
	}
	if len(n.Events) > 0 {
		written.Changed = n.Happened.In(exchange.Shanghai()).Format(momentLayout)
	}
	for _, field := range n.Fields {
		column, text, ok := write(field)
		if !ok {
			return Notice{}, exchange.Errorf(exchange.Internal, "no column holds the field %s", field.Name)
		}
		written.Columns[column] = text
		if field.Masked {
			written.Masked = append(written.Masked, column)
		}
	}
	slices.Sort(written.Masked)
	return written, nil
}

// Digest is the lower-case hex SHA-256 of the columns, each as name, equals sign, value and line feed, in the order of the names.
// A platform computes the same of what it holds. It is not a secret's protection: whoever knows the licence can guess it.
func (n Notice) Digest() string {
	var lines strings.Builder
	for _, column := range sortedKeys(n.Columns) {
		lines.WriteString(column + "=" + n.Columns[column] + "\n")
	}
	sum := sha256.Sum256([]byte(lines.String()))
	return hex.EncodeToString(sum[:])
}

func sortedKeys(columns map[string]string) []string {
	names := make([]string, 0, len(columns))
	for name := range columns {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Text writes a shaped value as tables hold it. ok is false for a value of another kind than changes have.
func Text(value any) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case exchange.Date:
		return v.String(), true
	case exchange.MayDrive:
		return string(v), true
	case exchange.Validity:
		return string(v), true
	case int:
		return strconv.Itoa(v), true
	case bool:
		return yesNo(v), true
	case []exchange.Class:
		return join(v, func(c exchange.Class) string { return string(c) }), true
	case []exchange.StatusState:
		return join(v, func(s exchange.StatusState) string { return s.Code }), true
	}
	return "", false
}

// yesNo is the tables' way with flags, such as sxbj: 1 yes, 2 no.
func yesNo(flag bool) string {
	if flag {
		return "1"
	}
	return "2"
}

func join[T any](list []T, text func(T) string) string {
	var joined strings.Builder
	for _, each := range list {
		joined.WriteString(text(each))
	}
	return joined.String()
}

func write(field exchange.DisclosedField) (column, text string, ok bool) {
	column, known := columnOf(field.Name)
	text, fits := Text(field.Value)
	return column, text, known && fits
}

// columnOf gives the column of a field. Those of mayDrive, longTerm and validity are ours: the table has none.
func columnOf(field exchange.Field) (string, bool) {
	for _, pair := range [...]struct {
		field  exchange.Field
		column string
	}{
		{"status", "zt"}, {"classes", "zjcx"}, {"validUntil", "yxqz"}, {"cardNumber", "zxbh"}, {"issuedOn", "fzrq"},
		{"replacements", "bzcs"}, {"points", "ljjf"}, {"cycleEnd", "qfrq"}, {"mayDrive", "sfkjs"}, {"longTerm", "sfcq"},
		{"validity", "yxzt"},
	} {
		if pair.field == field {
			return pair.column, true
		}
	}
	return "", false
}
