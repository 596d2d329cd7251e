package outbound_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestDeliveryError(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]exchange.Code{
		200: "", 202: "", 204: "", 301: exchange.SourceInvalid, 400: exchange.SourceRefused, 401: exchange.SourceRefused,
		403: exchange.SourceRefused, 404: exchange.SourceInvalid, 405: exchange.SourceRefused, 408: exchange.Overloaded,
		409: exchange.SourceRefused, 410: exchange.EndpointGone, 413: exchange.SourceRefused, 415: exchange.SourceRefused,
		422: exchange.SourceRefused, 425: exchange.Overloaded, 429: exchange.Overloaded, 500: exchange.SourceDown, 503: exchange.SourceDown,
	} {
		if err := outbound.DeliveryError(outbound.Response{Status: status}); exchange.CodeOf(err) != want {
			t.Errorf("%d: error %v, want %q", status, err, want)
		}
	}
}

func TestDeliveryErrorPassesAdviceOn(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		err := outbound.DeliveryError(outbound.Response{Status: status, Header: http.Header{"Retry-After": {"90"}}})
		failure, ok := err.(*exchange.Error)
		if !ok || failure.RetryAfter != 90*time.Second {
			t.Errorf("%d: error %+v", status, err)
		}
	}
}
