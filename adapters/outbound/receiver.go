package outbound

import (
	"context"
	"net/http"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// ReceiverFactory builds a receiver of changes of one kind of platform, as [Factory] does a source.
type ReceiverFactory func(id string, region exchange.Region, decode Decode, deps Deps) (*exchange.Receiver, error)

// Contacts knows how citizens are reached by message: whom an app knows them as, and how many messages they asked for. It must be
// safe for concurrent use. Its errors are [*exchange.Error]s.
type Contacts interface {
	// Find gives the citizen's id at the app, such as an openid. NoRecord: the citizen is not bound to the app.
	Find(ctx context.Context, app string, subject exchange.Subject) (id string, err error)
	// Take uses up one of the messages of this template that the citizen asked for. message names the one to be sent: taking for
	// the same one again takes nothing more, since a message may be tried many times. SourceRefused: none is left.
	Take(ctx context.Context, app, id, template, message string) error
	// Drop forgets an id that the app says is nobody's.
	Drop(ctx context.Context, app, id string) error
}

// DeliveryError gives the failure that the status of an answer to a delivery is, or nil for 2xx. It tells, where [StatusError]
// need not, what a repetition may cure (RFC 9110 §15.5, RFC 6585 §4): 408, 425 and 429 are Overloaded; 410 is EndpointGone;
// 400, 405, 406, 409, 411, 413, 414, 415 and 422 are SourceRefused, since the same notice will be the same tomorrow. 404 stays an answer
// that is not the protocol's: an address that a platform has lost for an hour comes back.
func DeliveryError(response Response) error {
	switch response.Status {
	case http.StatusGone:
		return exchange.Errorf(exchange.EndpointGone, "HTTP status %d", response.Status)
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		failure := exchange.Errorf(exchange.Overloaded, "HTTP status %d", response.Status)
		failure.RetryAfter = retryAfter(response.Header)
		return failure
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusConflict, http.StatusLengthRequired,
		http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity:
		return exchange.Errorf(exchange.SourceRefused, "HTTP status %d", response.Status)
	}
	return StatusError(response)
}
