package standin

import (
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

// counter counts calls by operation.
type counter struct {
	mu    sync.Mutex
	calls map[string]int
}

func (c *counter) add(operation string) {
	if operation == "" {
		operation = "unknown"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[string]int{}
	}
	c.calls[operation]++
}

func (c *counter) snapshot() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		return map[string]int{}
	}
	return maps.Clone(c.calls)
}

// faultBody is a fault on the control interface; durations are texts of Go, e.g. "1.5s" or "-10m".
type faultBody struct {
	Kind      fault.Kind `json:"kind"`
	Operation string     `json:"operation,omitempty"`
	Times     int        `json:"times,omitempty"`
	Duration  string     `json:"duration,omitempty"`
	Size      int64      `json:"size,omitempty"`
	Code      string     `json:"code,omitempty"`
	Message   string     `json:"message,omitempty"`
}

// Control gives the switches and counters over HTTP: GET, POST and DELETE /_sim/faults, GET /_sim/calls; and what the platform
// was told of changes: GET /_sim/told lists it, POST /_sim/told spoils one copy ({"licence","field","value"}). It is mounted on a
// listener of its own, never beside the platform's addresses, and answers callers on the same machine only.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sim/calls", func(writer http.ResponseWriter, _ *http.Request) { respond(writer, s.Calls()) })
	mux.HandleFunc("GET /_sim/faults", func(writer http.ResponseWriter, _ *http.Request) { respond(writer, s.faultBodies()) })
	mux.HandleFunc("DELETE /_sim/faults", func(writer http.ResponseWriter, _ *http.Request) {
		s.switches.Clear()
		writer.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /_sim/faults", s.setFault)
	mux.HandleFunc("GET /_sim/told", s.told)
	mux.HandleFunc("POST /_sim/told", s.alter)
	return Loopback(mux)
}

func (s *Server) setFault(writer http.ResponseWriter, request *http.Request) {
	decoder := json.NewDecoder(http.MaxBytesReader(writer, request.Body, 16<<10))
	decoder.DisallowUnknownFields()
	var body faultBody
	err := decoder.Decode(&body)
	if err == nil {
		err = s.set(body)
	}
	if err != nil {
		http.Error(writer, err.Error(), http.StatusBadRequest)
		return
	}
	writer.WriteHeader(http.StatusNoContent)
}

func (s *Server) set(body faultBody) error {
	setting := fault.Fault{
		Kind: body.Kind, Operation: body.Operation, Times: body.Times, Size: body.Size, Code: body.Code, Message: body.Message,
	}
	if body.Duration != "" {
		duration, err := time.ParseDuration(body.Duration)
		if err != nil {
			return err
		}
		setting.Duration = duration
	}
	return s.switches.Set(setting)
}

func (s *Server) faultBodies() []faultBody {
	bodies := []faultBody{}
	for _, active := range s.switches.Active() {
		body := faultBody{
			Kind: active.Kind, Operation: active.Operation, Times: active.Times, Size: active.Size,
			Code: active.Code, Message: active.Message,
		}
		if active.Duration != 0 {
			body.Duration = active.Duration.String()
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// Loopback turns away callers from other machines.
func Loopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		host, _, err := net.SplitHostPort(request.RemoteAddr)
		if address := net.ParseIP(host); err != nil || address == nil || !address.IsLoopback() {
			http.Error(writer, "the control interface answers callers on this machine only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(writer, request)
	})
}

func respond(writer http.ResponseWriter, value any) {
	writer.Header().Set("Content-Type", "application/json")
	json.NewEncoder(writer).Encode(value)
}
