package standin

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

func TestPush(t *testing.T) {
	t.Parallel()
	var got []byte
	var media string
	listener := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		got, _ = io.ReadAll(request.Body)
		media = request.Header.Get("Content-Type") + request.Header.Get("X-Mark")
		writer.WriteHeader(http.StatusAccepted)
		_, _ = writer.Write([]byte("taken"))
	}))
	t.Cleanup(listener.Close)
	body, header := []byte(`{"xm":"沈"}`), http.Header{"X-Mark": {"; marked"}}
	for name, c := range map[string]struct {
		plan  fault.Plan
		wants func() bool
	}{
		"well":         {nil, func() bool { return bytes.Equal(got, body) && media == "application/json;charset=UTF-8; marked" }},
		"content type": {fault.Plan{{Kind: fault.ContentType}}, func() bool { return media == "text/html;charset=UTF-8; marked" }},
		"garbage":      {fault.Plan{{Kind: fault.Garbage}}, func() bool { return !bytes.Contains(got, []byte("xm")) }},
		"oversize":     {fault.Plan{{Kind: fault.Oversize, Size: 50}}, func() bool { return len(got) == 50+len(body) }},
		"without size": {fault.Plan{{Kind: fault.Oversize}}, func() bool { return len(got) == maxRequest+1+len(body) }},
		"gbk":          {fault.Plan{{Kind: fault.GBK}}, func() bool { return len(got) == len(body)-1 }},
	} {
		status, answer, err := Push(t.Context(), listener.Client(), listener.URL, header, body, c.plan)
		if err != nil || status != http.StatusAccepted || string(answer) != "taken" || !c.wants() {
			t.Errorf("%s: %d %s, error %v; arrived %d bytes as %s", name, status, answer, err, len(got), media)
		}
	}
	if _, _, err := Push(t.Context(), listener.Client(), "http://%", header, body, nil); err == nil {
		t.Error("pushed to no address")
	}
	listener.Close()
	if _, _, err := Push(t.Context(), listener.Client(), listener.URL, header, body, nil); err == nil {
		t.Error("pushed to nobody")
	}
}
