// Package standin is what every stand-in of a platform shares: it reads the request, counts it, lets the fault switches
// act, asks the platform for its answer and writes it. It knows HTTP and nothing of any platform's dialect.
//
// Stand-ins are for tests and demonstrations. They keep what they are told in memory and log nothing.
package standin

import (
	"io"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

// maxRequest bounds what is read of a request. The largest real one, a SOAP envelope, has a few kilobytes.
const maxRequest = 1 << 20

// Platform is one dialect from the server's side.
type Platform interface {
	// Operation names the call, as counters and fault switches know it; empty means that the platform has no such address.
	Operation(request *http.Request, body []byte) string
	// Answer verifies the call as the real platform does and answers it.
	Answer(call Call) Reply
	// Forget drops sessions, secrets and tickets, as a restart of the platform would.
	Forget()
}

// Call is one request with what the stand-in made of it.
type Call struct {
	Request   *http.Request // its body has been read
	Body      []byte
	Operation string
	Now       time.Time // the platform's clock, off by the skew that was switched on
	Faults    fault.Plan
}

// Reply is one answer before faults act on its bytes.
type Reply struct {
	Status      int
	ContentType string
	Body        []byte
}

// Server is a running stand-in. It is safe for concurrent use when its platform is.
type Server struct {
	platform Platform
	clock    func() time.Time
	switches fault.Switches
	calls    counter
}

// NewServer puts a platform behind HTTP. The clock is the platform's own.
func NewServer(platform Platform, clock func() time.Time) *Server {
	return &Server{platform: platform, clock: clock}
}

// Faults gives the switches.
func (s *Server) Faults() *fault.Switches { return &s.switches }

// Calls gives how many requests arrived, by operation; requests to an unknown address count as "unknown". Every request
// counts, also one that a fault or a verification turned away: a source that was never asked shows no calls at all.
func (s *Server) Calls() map[string]int { return s.calls.snapshot() }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, maxRequest))
	if err != nil {
		http.Error(writer, "request body too long or cut off", http.StatusRequestEntityTooLarge)
		return
	}
	operation := s.platform.Operation(request, body)
	s.calls.add(operation)
	if operation == "" {
		http.NotFound(writer, request)
		return
	}
	call := Call{Request: request, Body: body, Operation: operation, Faults: s.switches.Take(operation)}
	call.Now = s.clock().Add(call.Faults.Duration(fault.ClockSkew))
	s.serve(writer, call)
}

func (s *Server) serve(writer http.ResponseWriter, call Call) {
	writer.Header().Set("Date", call.Now.UTC().Format(http.TimeFormat)) // one clock: a skew shows here too
	if stopped := before(writer, call); stopped {
		return
	}
	if call.Faults.Has(fault.ForgetSecrets) {
		s.platform.Forget()
	}
	write(writer, call, s.platform.Answer(call))
}

// Subject finds the person a call asks for, or somebody else when records are to be mixed up.
func (c Call) Subject(registry *citizen.Registry, idNumber string) (citizen.Citizen, bool) {
	person, found := registry.Find(idNumber)
	if found && c.Faults.Has(fault.WrongPerson) {
		return registry.Other(idNumber), true
	}
	return person, found
}

// Synchronised gives the time of the last synchronisation of a copy that is usually so old.
func (c Call) Synchronised(lag time.Duration) time.Time {
	return c.Now.Add(-lag - c.Faults.Duration(fault.Stale))
}
