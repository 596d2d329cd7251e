package population

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/outbound/soap"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// operation is the identity check; the other one that the platform has hands out data.
const operation = "GK_GXFW_SFHC"

// errSecretEnded tells that the platform took our secret for no secret of its own, any more.
var errSecretEnded = errors.New("the platform refuses signature, clock or secret (code -1)")

// Match asks for a verdict on the request's subject.
func (r *register) Match(ctx context.Context, request exchange.SourceRequest) (exchange.IdentityVerdict, error) {
	if request.Subject.IDNumber.IsZero() || request.Subject.Name == "" {
		return "", exchange.Errorf(exchange.InvalidRequest, "a match needs name and ID number")
	}
	verdict, err := r.match(ctx, request)
	if errors.Is(err, errSecretEnded) { // before its time: once more, with the new one
		verdict, err = r.match(ctx, request)
	}
	return verdict, err
}

// match makes one call. A secret that the platform rejects is dropped, so that the next call has a new one.
func (r *register) match(ctx context.Context, request exchange.SourceRequest) (exchange.IdentityVerdict, error) {
	lease, err := r.secrets.Get(ctx)
	if err != nil {
		return "", err
	}
	verdict, err := r.ask(ctx, request, lease.Value)
	if errors.Is(err, errSecretEnded) {
		r.secrets.Invalidate(lease)
	}
	return verdict, err
}

func (r *register) ask(ctx context.Context, request exchange.SourceRequest, secret string) (exchange.IdentityVerdict, error) {
	who, err := r.asker(request)
	if err != nil {
		return "", err
	}
	number, err := uuid.NewRandomFromReader(r.random)
	if err != nil {
		return "", exchange.Errorf(exchange.Internal, "draw a request number: %w", err)
	}
	response, err := r.client.Do(ctx, outbound.Request{
		URL: r.config.URL, Header: r.operation().Header(), Idempotent: true, MediaTypes: []string{soap.MediaType}, Judge: judge,
		Body: r.envelope(r.document(number.String(), who, request, r.clock())),
		Sign: func(header http.Header) error {
			r.identity.at(r.clock(), secret).put(header)
			return nil
		},
	})
	if err != nil {
		return "", err
	}
	return r.readVerdict(response.Body, number.String(), request.Subject.IDNumber.Reveal())
}

func (r *register) operation() soap.Operation {
	return soap.Operation{Namespace: r.config.Namespace, Name: operation}
}

func (r *register) envelope(document string) []byte {
	return r.operation().Call([]soap.Argument{
		{Name: "in0", Value: document}, {Name: "in1", Value: r.config.User}, {Name: "in2", Value: r.password},
	})
}

// judge tells the rejections of the exchange platform, which are JSON with status 200, from the register's answers, which are
// XML.
func judge(response outbound.Response) error {
	var answer platformAnswer
	if response.Status != http.StatusOK || json.Unmarshal(response.Body, &answer) != nil {
		return outbound.StatusError(response)
	}
	if answer.Code == platformFailed {
		return exchange.Errorf(exchange.SourceRefused, "%w", errSecretEnded)
	}
	return rejection(answer.Code)
}
