package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/specs"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	openapi3filter.RegisterBodyDecoder("application/vnd.zhengqiao.envelope+json", openapi3filter.JSONBodyDecoder)
	if err := checks("1000", "20261124"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// checks sets how many cases a property is tried with and where drawing begins. Flags on the command line come later and win.
func checks(number, seed string) error {
	return errors.Join(flag.Set("rapid.checks", number), flag.Set("rapid.seed", seed), flag.Set("rapid.nofailfile", "true"))
}

// The numbers that the tests use. None may ever show in an answer, a log or a metric, but for what policy discloses.
const (
	idGood       = "11010519491231002X"
	idWrongCheck = "110105194912310020"
	idNoSuchDay  = "110105194902310027"
	idFuture     = "110105209912310023"
	idDivision   = "990105194912310025"
)

func personalNumbers() []string {
	return []string{idGood, idWrongCheck, idNoSuchDay, idFuture, idDivision, idGood[:17], strings.ToLower(idGood)}
}

type contractDocument struct {
	document *openapi3.T
	router   routers.Router
}

var loadDocument = sync.OnceValues(func() (contractDocument, error) {
	document, err := openapi3.NewLoader().LoadFromData(specs.OpenAPI())
	if err != nil {
		return contractDocument{}, err
	}
	router, err := gorillamux.NewRouter(document)
	return contractDocument{document, router}, err
})

// check holds an answer to the contract: documented status, fields and body; signed by the gateway over this request; without
// a personal number that was not asked for.
func (r *rig) check(t tb, request *http.Request, got response) {
	t.Helper()
	r.checkSignature(t, request, got)
	r.checkDocumented(t, request, got)
	if got.status == http.StatusOK && !strings.HasPrefix(request.URL.Path, "/v1/") {
		return // the documents print the example number of the standard
	}
	for _, number := range personalNumbers() {
		if bytes.Contains(got.body, []byte(number)) {
			t.Errorf("status %d: the answer holds a personal number", got.status)
		}
		for name, values := range got.header {
			if strings.Contains(strings.Join(values, " "), number) {
				t.Errorf("field %s holds a personal number", name)
			}
		}
	}
}

func (r *rig) checkSignature(t tb, request *http.Request, got response) {
	t.Helper()
	verified := httpsig.Response{Status: got.status, Header: got.header, Body: got.body, Request: request.Header}
	_, err := r.answers.Verify(verified)
	if err != nil && !errors.Is(err, httpsig.ErrUnbound) {
		t.Errorf("status %d: the answer's signature: %v", got.status, err)
	}
	if got.status == http.StatusOK && strings.HasPrefix(request.URL.Path, "/v1/") && err != nil {
		t.Errorf("the answer does not cover its request: %v", err)
	}
}

func (r *rig) checkDocumented(t tb, request *http.Request, got response) {
	t.Helper()
	contract := must(loadDocument())(t)
	plain, err := http.NewRequest(request.Method, "http://gateway"+request.URL.EscapedPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	route, parameters, err := contract.router.FindRoute(plain)
	if err != nil {
		checkProblem(t, contract.document, got)
		return
	}
	validation := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: plain, PathParams: parameters, Route: route},
		Status:                 got.status, Header: got.header, Body: io.NopCloser(bytes.NewReader(got.body)),
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true, MultiError: true, ExcludeResponseBody: !strings.Contains(got.header.Get("Content-Type"), "json"),
		},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), validation); err != nil {
		t.Errorf("%s %s: status %d is not as the contract says: %v", request.Method, request.URL.Path, got.status, err)
	}
}

// checkProblem is for answers outside of the contract's paths, which are problems all the same.
func checkProblem(t tb, document *openapi3.T, got response) {
	t.Helper()
	var body any
	if err := json.Unmarshal(got.body, &body); err != nil {
		t.Errorf("status %d: no JSON: %v", got.status, err)
		return
	}
	if err := document.Components.Schemas["Problem"].Value.VisitJSON(body); err != nil {
		t.Errorf("status %d: %v", got.status, err)
	}
}

// problem is what the tests look at in a problem.
type problem struct {
	Type, Title, Detail, Instance, Code, Advice, Source string
	Status, RetryAfter                                  int
	Reasons                                             []struct{ Code string }
	Pointers                                            []struct{ Pointer, Code string }
	Receipt                                             *struct{ Index int }
	Decision                                            *struct{ ID, Revision string }
}

func (r response) problem(t tb) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("status %d: no problem: %v", r.status, err)
	}
	if p.Status != r.status || r.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the problem says %d, the answer %d; type %s", p.Status, r.status, r.header.Get("Content-Type"))
	}
	return p
}

func testdata(t tb, name string) []byte {
	t.Helper()
	return must(os.ReadFile("testdata/" + name))(t)
}
