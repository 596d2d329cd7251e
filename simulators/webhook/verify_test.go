package webhook

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestVerification(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := func(off time.Duration) string { return strconv.FormatInt(b.now.Add(off).Unix(), 10) }
	for name, c := range map[string]struct {
		change func(*message)
		status int
		want   string
	}{
		"at the window's end":     {func(m *message) { m.timestamp = at(-window) }, 200, `"version":7`},
		"ahead, within it":        {func(m *message) { m.timestamp = at(window) }, 200, `"version":7`},
		"too old":                 {func(m *message) { m.timestamp = at(-window - time.Second) }, 401, "signature-expired"},
		"too far ahead":           {func(m *message) { m.timestamp = at(window + time.Second) }, 401, "signature-expired"},
		"no time":                 {func(m *message) { m.timestamp = "now" }, 401, "signature-expired"},
		"no id":                   {func(m *message) { m.id = "" }, 401, "signature-missing"},
		"an id with a full stop":  {func(m *message) { m.id = "k.7" }, 401, "signature-missing"},
		"an id beyond all bounds": {func(m *message) { m.id = strings.Repeat("k", maxID+1) }, 401, "signature-missing"},
		"two, one of them right":  {func(m *message) { m.signature = "v1sm2,AA== " + b.sign(*m) }, 200, `"version":7`},
		"one of a newer scheme":   {func(m *message) { m.signature = "v9,??? " + b.sign(*m) }, 200, `"version":7`},
		"another's signature":     {func(m *message) { m.signature = b.sign(b.event(8)) }, 401, "signature-invalid"},
		"no signature":            {func(m *message) { m.signature = "v1sm2," }, 401, "signature-invalid"},
		"signature not Base64":    {func(m *message) { m.signature = "v1sm2,*" }, 401, "signature-invalid"},
		"by GET":                  {func(m *message) { m.method = http.MethodGet }, 405, "POST"},
		"plain JSON":              {func(m *message) { m.mediaType = "application/json" }, 415, "cloudevents"},
		"in GBK":                  {func(m *message) { m.mediaType += "; charset=gbk" }, 415, "cloudevents"},
		"in UTF-8":                {func(m *message) { m.mediaType += "; charset=UTF-8" }, 200, `"version":7`},
		"nowhere":                 {func(m *message) { m.path = "/" }, 404, ""},
	} {
		m := b.event(7)
		c.change(&m)
		b.expect(name, m, c.status, c.want)
	}
	twice := httptest.NewRequest(http.MethodPost, PathEvents, strings.NewReader("{}"))
	twice.Header["Webhook-Id"] = []string{"a", "a"}
	recorder := httptest.NewRecorder()
	if b.server.ServeHTTP(recorder, twice); recorder.Code != http.StatusUnauthorized {
		t.Errorf("two ids: %d", recorder.Code)
	}
}
