package gateway

import (
	"mime"
	"net/http"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The media types of the contract.
const (
	mediaJSON     = "application/json"
	mediaEnvelope = "application/vnd.zhengqiao.envelope+json"
	mediaProblem  = "application/problem+json"
	mediaYAML     = "application/yaml"
	mediaHTML     = "text/html; charset=utf-8"
)

// mediaOf says whether a body is an envelope or plain JSON. Anything else, a compressed body included, is refused: a limit on
// the bytes sent would not bound what they unpack to.
func mediaOf(header http.Header) (enveloped bool, err error) {
	refused := &exchange.Error{Code: exchange.UnsupportedMedia}
	if len(header["Content-Encoding"]) > 0 || len(header["Content-Type"]) != 1 {
		return false, refused
	}
	switch value := header["Content-Type"][0]; value {
	case mediaJSON:
		return false, nil
	case mediaEnvelope:
		return true, nil
	default:
		return parsedMedia(value, refused)
	}
}

// parsedMedia takes the forms that are not written as the contract does: another case, a charset that says UTF-8.
func parsedMedia(value string, refused error) (enveloped bool, err error) {
	media, parameters, err := mime.ParseMediaType(value)
	if err != nil || !onlyUTF8(parameters) {
		return false, refused
	}
	switch media {
	case mediaJSON:
		return false, nil
	case mediaEnvelope:
		return true, nil
	}
	return false, refused
}

func onlyUTF8(parameters map[string]string) bool {
	charset, given := parameters["charset"]
	return len(parameters) == 0 || len(parameters) == 1 && given && strings.EqualFold(charset, "utf-8")
}
