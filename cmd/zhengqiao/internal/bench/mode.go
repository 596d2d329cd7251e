package bench

import (
	"context"
	"fmt"
	"net/http"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// Mode is what stands between the load and the source.
type Mode string

// The modes, each doing more than the one before it.
const (
	Proxy Mode = "proxy" // Echo's reverse proxy
	Bare  Mode = "bare"  // the gateway without signatures and without a record
	Whole Mode = "whole" // the gateway as it serves
)

func (m Mode) title() string {
	switch m {
	case Proxy:
		return "(a) Echo reverse proxy"
	case Bare:
		return "(b) no signatures, no record"
	}
	return "(c) whole path"
}

// parts gives what the mode leaves out. This is the only place where anything can be left out; no configuration can.
func (m Mode) parts() (app.Parts, error) {
	switch m {
	case Whole:
		return app.Parts{}, nil
	case Bare:
		return app.Parts{Verifier: unchecked{}, Signer: unsigned{}, Recorder: unrecorded{}}, nil
	}
	return app.Parts{}, fmt.Errorf("no gateway in mode %q", m)
}

// The caller in all modes.
const (
	platform = "suishenban"
	keyID    = "suishenban-1"
)

// unchecked takes every request for the caller's.
type unchecked struct{}

func (unchecked) VerifyHTTP(*http.Request, []byte) (httpsig.Verified, error) {
	return httpsig.Verified{Party: platform, KeyID: keyID}, nil
}

// unsigned lets answers go out as they are.
type unsigned struct{}

func (unsigned) SignResponse(*httpsig.Response) ([]byte, error) { return nil, nil }

// unrecorded keeps nothing.
type unrecorded struct{}

func (unrecorded) Record(context.Context, *exchange.Record) (exchange.Receipt, error) {
	return exchange.Receipt{}, nil
}
