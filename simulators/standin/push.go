package standin

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

// OperationPush is the operation by which fault switches know a call that a stand-in makes: clock_skew, stale, garbage,
// content_type, invalid_utf8, gbk and oversize act on it.
const OperationPush = "push"

// maxAnswer bounds what is read of an answer to a push.
const maxAnswer = 1 << 20

// Push makes a call of the platform's own, with the faults that act on its bytes, and gives status and body of the answer.
func Push(ctx context.Context, client *http.Client, url string, header http.Header, body []byte, plan fault.Plan) (status int, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(spoil(body, plan)))
	if err != nil {
		return 0, nil, err
	}
	request.Header = header.Clone()
	request.Header.Set("Content-Type", "application/json;charset=UTF-8")
	if plan.Has(fault.ContentType) {
		request.Header.Set("Content-Type", "text/html;charset=UTF-8")
	}
	reply, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer reply.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(reply.Body, maxAnswer))
	return reply.StatusCode, answer, err
}

func spoil(body []byte, plan fault.Plan) []byte {
	if plan.Has(fault.Garbage) {
		return []byte("\x00\x01 ]]> }{ \xfe\xff not a push")
	}
	body = plan.Encode(body)
	if setting, has := plan.Get(fault.Oversize); has {
		size := setting.Size
		if size == 0 {
			size = maxRequest + 1
		}
		return append(bytes.Repeat([]byte(" "), int(size)), body...)
	}
	return body
}
