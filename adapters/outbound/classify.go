package outbound

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// classify says which failure an attempt's error is and rebuilds its text: the original may quote the URL's query or pieces of
// a garbled answer, which may be personal data. What is kept of it is the standard library's own vocabulary.
func classify(ctx context.Context, connected bool, err error) *exchange.Error {
	if failure, ok := errors.AsType[*exchange.Error](err); ok {
		return failure
	}
	switch {
	case ctx.Err() != nil:
		return exchange.Errorf(exchange.SourceTimeout, "no answer: %w", ctx.Err())
	case timedOut(err):
		return exchange.Errorf(exchange.SourceTimeout, "no answer: %w", context.DeadlineExceeded)
	case !connected:
		return exchange.Errorf(exchange.SourceDown, "not reachable: %w", connectCause(err))
	case unlikeHTTP(err):
		return exchange.Errorf(exchange.SourceInvalid, "the answer is not HTTP")
	}
	return exchange.Errorf(exchange.TransferInterrupted, "the connection broke: %w", breakCause(err))
}

func timedOut(err error) bool {
	network, ok := errors.AsType[net.Error](err)
	return ok && network.Timeout() || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded)
}

// unlikeHTTP recognises net/http's wordings for bytes that it cannot read; they have no types of their own.
func unlikeHTTP(err error) bool {
	for _, wording := range []string{"malformed", "invalid", "exceeded", "unsupported", "bad "} {
		if strings.Contains(innermost(err).Error(), wording) {
			return true
		}
	}
	return false
}

func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// connectCause keeps what an operator needs to mend a connection: that a name does not resolve, that the address is forbidden,
// the system's error, or the complaint about the certificate; and at which layer it is.
func connectCause(err error) error {
	if unresolved, ok := errors.AsType[*net.DNSError](err); ok {
		return exchange.AtLayer(exchange.LayerDNS, errors.New("host name: "+unresolved.Err))
	}
	if refused, ok := errors.AsType[*AddressError](err); ok {
		return exchange.AtLayer(exchange.LayerTCP, refused)
	}
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return exchange.AtLayer(exchange.LayerTCP, number)
	}
	if text := innermost(err).Error(); strings.HasPrefix(text, "x509: ") || strings.HasPrefix(text, "tls: ") || strings.HasPrefix(text, "remote error: tls: ") {
		return exchange.AtLayer(exchange.LayerTLS, errors.New(text))
	}
	return exchange.AtLayer(exchange.LayerTCP, errors.New("no connection"))
}

func breakCause(err error) error {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number
	}
	return errors.New("it ended before the answer did")
}
