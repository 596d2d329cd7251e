package exchange

import (
	"errors"
	"fmt"
)

// Layer is where a failure sits, for those who must mend it. It is not shown to callers.
type Layer string

// The layers that a failure between the gateway and a platform can be told to sit at. A failure that names none sits where its code says.
const (
	LayerDNS        Layer = "dns"        // the host's name does not resolve
	LayerTCP        Layer = "tcp"        // no connection, or it broke
	LayerTLS        Layer = "tls"        // the handshake, the certificate
	LayerHTTP       Layer = "http"       // the platform answers that it failed
	LayerTime       Layer = "time"       // no answer in time
	LayerClock      Layer = "clock"      // the two clocks disagree
	LayerSignature  Layer = "signature"  // a signature is refused or does not verify
	LayerCredential Layer = "credential" // a credential is unknown, ended or not granted
	LayerFormat     Layer = "format"     // the answer can't be read
)

// layered is an error with its layer. Its text is that of the error alone.
type layered struct {
	layer Layer
	error
}

func (l *layered) Unwrap() error { return l.error }

// AtLayer says where an error sits; nil stays nil.
func AtLayer(layer Layer, err error) error {
	if err == nil {
		return nil
	}
	return &layered{layer, err}
}

// ErrorAt is [Errorf] with the layer of the failure.
func ErrorAt(code Code, layer Layer, format string, args ...any) *Error {
	return &Error{Code: code, Err: AtLayer(layer, fmt.Errorf(format, args...))}
}

// LayerOf gives the layer of a failure: what [AtLayer] said of it, else what its code says; "" for nil, for an answer of the platform
// (such as NoRecord), and for a failure of our own.
func LayerOf(err error) Layer {
	if said, ok := errors.AsType[*layered](err); ok {
		return said.layer
	}
	switch CodeOf(err) {
	case SourceDown:
		return LayerHTTP
	case SourceTimeout:
		return LayerTime
	case TransferInterrupted:
		return LayerTCP
	case SourceInvalid:
		return LayerFormat
	case SourceRefused:
		return LayerCredential
	}
	return ""
}
