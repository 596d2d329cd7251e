package standin

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/holding"
)

// told is a platform that keeps what it is told.
type told struct {
	Platform
	book holding.Book
}

func (t *told) Book() *holding.Book { return &t.book }

func throughControl(server *Server, method, path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.RemoteAddr = "127.0.0.1:1"
	recorder := httptest.NewRecorder()
	server.Control().ServeHTTP(recorder, request)
	return recorder
}

func TestTold(t *testing.T) {
	t.Parallel()
	platform := &told{}
	server := NewServer(platform, time.Now)
	platform.book.Take(holding.Copy{Licence: "a", IDNumber: "11010519491231002X", Version: 3, Fields: map[string]string{"zt": "A"}})
	if held, known := server.Told("11010519491231002X"); !known || held.Version != 3 {
		t.Errorf("told %+v", held)
	}
	list := throughControl(server, http.MethodGet, "/_sim/told", "")
	if list.Code != http.StatusOK || !strings.Contains(list.Body.String(), `"version":3`) || strings.Contains(list.Body.String(), "11010519491231002X") {
		t.Errorf("listed as %s", list.Body)
	}
	for body, want := range map[string]int{
		`{"licence":"a","field":"zt","value":"B"}`: http.StatusNoContent, `{"licence":"b"}`: http.StatusNotFound,
		`{"id":"a"}`: http.StatusBadRequest, ``: http.StatusBadRequest,
	} {
		if got := throughControl(server, http.MethodPost, "/_sim/told", body); got.Code != want {
			t.Errorf("%s: status %d, want %d", body, got.Code, want)
		}
	}
	if held, _ := server.Told("11010519491231002X"); held.Fields["zt"] != "B" {
		t.Errorf("altered to %v", held.Fields)
	}
}

func TestAPlatformThatIsToldNothing(t *testing.T) {
	t.Parallel()
	server := NewServer(struct{ Platform }{}, time.Now)
	if _, known := server.Told("11010519491231002X"); known {
		t.Error("it was told something")
	}
	if list := throughControl(server, http.MethodGet, "/_sim/told", ""); strings.TrimSpace(list.Body.String()) != "[]" {
		t.Errorf("listed %s", list.Body)
	}
	if got := throughControl(server, http.MethodPost, "/_sim/told", `{"licence":"a"}`); got.Code != http.StatusNotFound {
		t.Errorf("status %d", got.Code)
	}
}
