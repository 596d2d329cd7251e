package population

import (
	"net/http"
	"slices"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/soap"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Result codes of the register's own head (FHDM). 10 and 11 are both success.
const (
	resultOK      = "10"
	resultRefused = "00"
)

// match serves GK_GXFW_SFHC: first the exchange platform verifies its four values, then the register its request.
func (p *platform) match(call standin.Call) standin.Reply {
	if problem := soap.CheckTransport(call.Request); problem != "" {
		return soap.Fault(problem)
	}
	asked, err := soap.Parse(call.Body)
	if err != nil {
		return soap.Fault(err.Error())
	}
	if code, message := p.verify(call, identify(call.Request, asked)); code != "" {
		return reject(call, code, message)
	}
	if problem := checkCall(asked); problem != "" {
		return soap.Fault(problem)
	}
	text := call.Faults.Encode([]byte(soap.Escape(string(p.examine(call, asked).write()))))
	return soap.Response(asked.Namespace, asked.Operation, "out", string(text))
}

// identify reads the four values from the HTTP headers, or where those are absent from the SOAP header.
func identify(request *http.Request, asked soap.Call) identity {
	value := func(name string) string {
		if text := request.Header.Get(name); text != "" {
			return text
		}
		return asked.HeaderValue(name)
	}
	return identity{
		Requester: value("gjgxjhpt_rid"), Service: value("gjgxjhpt_sid"),
		Time: value("gjgxjhpt_rtime"), Signature: value("gjgxjhpt_sign"),
	}
}

func (p *platform) verify(call standin.Call, caller identity) (code, message string) {
	if _, known := p.config.Requesters[caller.Requester]; !known || caller.Service != p.config.Service {
		return codeNotAuthorised, "未授权"
	}
	key := p.secrets.get(caller.Requester, call.Now)
	if key == "" || !caller.onTime(call.Now) || !caller.signedWith(key) {
		return codeFailed, "签名校验失败或密钥已过期"
	}
	return "", ""
}

func checkCall(asked soap.Call) string {
	namespaces := []string{"http://webservice.com", "http://webservice.tongtech.com/"}
	if asked.Operation != OperationMatch || !slices.Contains(namespaces, asked.Namespace) {
		return "no such operation '" + asked.Operation + "'"
	}
	if !slices.Equal(asked.Names(), []string{"in0", "in1", "in2"}) {
		return "the operation takes in0, in1, in2"
	}
	return ""
}

// examine checks the request's head and answers each record.
func (p *platform) examine(call standin.Call, asked soap.Call) answer {
	wanted, err := parseRequest(asked.Value("in0"))
	reply := answer{request: wanted.Head.Number, sent: call.Now, code: resultOK}
	switch setting, has := call.Faults.Get(fault.Business); {
	case has:
		reply.code, reply.message = setting.Code, setting.Message
	case asked.Value("in1") != p.config.User || asked.Value("in2") != p.config.Password:
		reply.code, reply.message = resultRefused, "用户名或密码错误"
	case err != nil:
		reply.code, reply.message = resultRefused, err.Error()
	default:
		for _, record := range wanted.Records {
			reply.records = append(reply.records, p.compare(call, record))
		}
	}
	return reply
}

// compare answers one record. A number that nobody has gives no match marks at all: that is not a mismatch.
func (p *platform) compare(call standin.Call, asked record) result {
	person, found := call.Subject(p.registry, asked.IDNumber)
	if !found {
		return result{record: asked, code: "1", message: "库中无此人"}
	}
	return result{
		record: asked, found: true, deceased: person.Deceased,
		numberMatches: person.IDNumber == asked.IDNumber, nameMatches: person.Name == asked.Name,
	}
}
