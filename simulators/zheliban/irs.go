package zheliban

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// maxSkew is what the IRS gateway allows X-BG-DATE-TIME to be off.
const maxSkew = 90 * time.Second

// irs verifies the gateway's headers, then lets the component answer.
func (p *platform) irs(call standin.Call) standin.Reply {
	if problem := p.verify(call); problem != "" {
		return standin.JSON(call, http.StatusUnauthorized, map[string]string{"message": problem})
	}
	if call.Request.Method != http.MethodPost {
		return standin.JSON(call, http.StatusMethodNotAllowed, decline("METHOD_NOT_ALLOWED", "仅支持 POST"))
	}
	return standin.JSON(call, http.StatusOK, p.component(call))
}

// verify gives the gateway's own message for what is wrong with a call, in the order in which the gateway looks.
func (p *platform) verify(call standin.Call) string {
	header := call.Request.Header
	accessKey := header.Get("X-BG-HMAC-ACCESS-KEY")
	secretKey, known := p.config.AccessKeys[accessKey]
	sent, err := time.Parse(http.TimeFormat, header.Get("X-BG-DATE-TIME"))
	switch {
	case !known:
		return "Invalid access key"
	case err != nil || call.Now.Sub(sent).Abs() > maxSkew:
		return "Clock skew exceeded"
	case header.Get("X-BG-HMAC-ALGORITHM") != "hmac-sha256":
		return "Invalid signature"
	case !signed(call.Request, accessKey, secretKey):
		return "Invalid signature"
	case call.Operation == OperationIRSOther || slices.Contains(p.config.Forbidden, accessKey):
		return "The route_id is forbidden."
	}
	return ""
}

func signed(request *http.Request, accessKey, secretKey string) bool {
	text := stringToSign(request.Method, request.URL, accessKey, request.Header.Get("X-BG-DATE-TIME"))
	got, err := base64.StdEncoding.DecodeString(request.Header.Get("X-BG-HMAC-SIGNATURE"))
	return err == nil && hmac.Equal(got, mac(secretKey, text))
}

// stringToSign is METHOD, path, canonical query, access key and date, each ended by a line feed. The body is not covered.
func stringToSign(method string, address *url.URL, accessKey, date string) string {
	return strings.Join([]string{method, address.EscapedPath(), canonicalQuery(address.Query()), accessKey, date, ""}, "\n")
}

func mac(secretKey, text string) []byte {
	digest := hmac.New(sha256.New, []byte(secretKey))
	digest.Write([]byte(text))
	return digest.Sum(nil)
}

// canonicalQuery sorts the pairs by k=v and joins them with &. Clients disagree on escaping; the stand-in takes
// percent-encoding with %20 and leaves the handbook's exceptions to callers who never send them.
func canonicalQuery(query url.Values) string {
	var pairs []string
	for name, values := range query {
		for _, value := range values {
			pair := url.QueryEscape(name) + "=" + url.QueryEscape(value)
			pairs = append(pairs, strings.ReplaceAll(pair, "+", "%20"))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// componentAnswer is the components' envelope; the gateway adds none of its own.
type componentAnswer struct {
	Success   bool   `json:"success"`
	ErrorCode string `json:"errorCode"`
	ErrorMsg  string `json:"errorMsg"`
	Data      any    `json:"data"` // null when there is no record
}

func decline(code, message string) componentAnswer {
	return componentAnswer{ErrorCode: code, ErrorMsg: message}
}

// component is the service behind the gateway.
func (p *platform) component(call standin.Call) componentAnswer {
	if setting, has := call.Faults.Get(fault.Business); has {
		return decline(setting.Code, setting.Message)
	}
	switch call.Operation {
	case OperationStatus:
		return p.status(call)
	case OperationHeld:
		return p.held(call)
	}
	return p.licence(call)
}

func (p *platform) licence(call standin.Call) componentAnswer {
	var asked struct {
		IDNumber string `json:"sfzmhm"`
		Name     string `json:"xm"`
	}
	if err := json.Unmarshal(call.Body, &asked); err != nil || asked.IDNumber == "" {
		return decline("PARAMETER_INVALID", "请求参数错误")
	}
	person, columns := p.row(call, asked.IDNumber)
	if columns == nil {
		return componentAnswer{Success: true}
	}
	if asked.Name != "" && asked.Name != person.Name {
		return decline("NAME_MISMATCH", "姓名与证件号码不符")
	}
	return componentAnswer{Success: true, Data: columns}
}
