package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// fields are the disclosed fields as the contract has them, each as its canonical JSON (RFC 8785). nil: thin content.
type fields map[exchange.Field]jsontext.Value

func contentOf(notice exchange.Notice, content string) (fields, error) {
	if content == ContentThin {
		return nil, nil
	}
	shown := make(fields, len(notice.Fields))
	for _, field := range notice.Fields {
		text, err := json.Marshal(field.Value)
		value := jsontext.Value(text)
		if err == nil {
			err = value.Canonicalize()
		}
		if err != nil {
			return nil, exchange.Errorf(exchange.Internal, "JSON can't hold the field %s", field.Name)
		}
		shown[field.Name] = value
	}
	return shown, nil
}

// digest is the lower-case hex SHA-256 of the fields, each as name, equals sign, canonical JSON and line feed, in the order of the
// names; of nothing for thin content. It is no protection of the fields: who knows the possible values can try them.
func (f fields) digest() string {
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f)) {
		hash.Write([]byte(string(name) + "=" + string(f[name]) + "\n"))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
