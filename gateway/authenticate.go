package gateway

import (
	"errors"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// authenticate proves the signature over the bytes that were sent and finds the platform behind the key.
func (g *Gateway) authenticate(next echo.HandlerFunc) echo.HandlerFunc {
	identified := g.strangers.bound(g.identify)
	return func(c echo.Context) error {
		if err := identified(c); err != nil {
			return err
		}
		return next(c)
	}
}

func (g *Gateway) identify(c echo.Context) error {
	v := visitOf(c)
	caller, err := g.deps.Verifier.VerifyHTTP(c.Request(), v.body)
	if err != nil {
		return unauthenticated(err)
	}
	platform, ok := g.deps.Platforms.Platform(caller.Party)
	if !ok {
		return exchange.Errorf(exchange.UnknownPlatform, "key %s belongs to no registered platform", caller.KeyID)
	}
	v.caller, v.platform, v.region = &caller, platform, platform.Region
	prove(c)
	g.follow(c, v)
	return nil
}

// unauthenticated gives a refusal of the signature its code in the catalogue, with the particular reason for whoever writes
// the client. An error that is no refusal is a failure of ours.
func unauthenticated(err error) error {
	refusal, ok := errors.AsType[httpsig.Refusal](err)
	if !ok {
		return exchange.Errorf(exchange.Internal, "verify the signature: %w", err)
	}
	failure := &exchange.Error{Code: signatureCode(refusal), Err: err}
	if failure.Code == exchange.Overloaded {
		failure.RetryAfter = retrySoon
		return failure
	}
	failure.Reasons = []exchange.Reason{{Code: refusal.Code(), Text: signatureText(refusal)}}
	return failure
}

func signatureCode(refusal httpsig.Refusal) exchange.Code {
	switch refusal {
	case httpsig.ErrInputMissing, httpsig.ErrSignatureMissing:
		return exchange.SignatureMissing
	case httpsig.ErrTooOld, httpsig.ErrTooNew, httpsig.ErrBeforeStart, httpsig.ErrKeyNotValid:
		return exchange.SignatureExpired
	case httpsig.ErrReplayed:
		return exchange.RequestReplayed
	case httpsig.ErrKeyUnknown:
		return exchange.UnknownPlatform
	case httpsig.ErrNonceStore:
		return exchange.Overloaded
	}
	return exchange.SignatureInvalid
}
