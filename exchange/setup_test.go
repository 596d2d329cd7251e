package exchange

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// bench is a broker on fakes that keep the contracts of the real parts. Each test has its own.
type bench struct {
	*Broker
	decider  *fakeDecider
	register *fakeRegister
	first    *fakeSource
	second   *fakeSource
	recorder *fakeRecorder
}

func newBench() *bench {
	b := &bench{
		decider:  &fakeDecider{decision: allow(LicenceQuery)},
		register: &fakeRegister{verdict: IdentityMatches},
		first:    &fakeSource{licence: fullLicence(), asOf: now()},
		second:   &fakeSource{licence: fullLicence(), asOf: now()},
		recorder: &fakeRecorder{},
	}
	b.Broker = &Broker{
		Decider: b.decider, Identities: b.register, Encoder: jsonEncoder{}, Recorder: b.recorder, Pseudonyms: fakePseudonyms{},
		Digest: func(body []byte) string { return fmt.Sprintf("digest of %d bytes", len(body)) },
		Clock:  now,
		Routes: Routes{{Region: "310000", Sources: []*Source{b.first.source("first"), b.second.source("second")}}},
	}
	return b
}

func allow(op Operation) Decision {
	return Decision{
		Revision: "rev-1", Allow: true, Grants: grantAll(op, MaskNone), AgeBound: time.Hour, OnStale: StaleRefuse, Freshness: "realtime",
		Assurance: "face", CheckIdentity: true, Rules: []string{"points.full"},
	}
}

func query(t testing.TB) *Query {
	t.Helper()
	return &Query{
		ID: "q-1", Operation: LicenceQuery, Region: "310000", Received: now(),
		Caller:  Caller{Platform: "suishenban", KeyID: "suishenban-1", SignedBytes: []byte("base"), Signature: []byte("sig"), Body: []byte(citizenID)},
		Subject: Subject{Name: citizenName, IDNumber: idNumber(t, citizenID), FileNumber: "310012345678"},
		Purpose: Purpose{Code: "licence-view", Matter: "310", Case: "case-1", Operator: "self", Unit: "u", LegalBasis: "consent"},
		Authentications: []Authentication{
			{Method: "face", Provider: "wechat", At: now()},
		},
	}
}

// refused checks a failure's code, and that it was recorded under it and carries the receipt.
func (b *bench) refused(t *testing.T, answer *Answer, err error, want Code) *Error {
	t.Helper()
	if answer != nil || CodeOf(err) != want {
		t.Fatalf("answer %v, error %v; want %s", answer, err, want)
	}
	if record := b.recorder.only(t); record.Outcome != string(want) {
		t.Fatalf("recorded as %s, want %s", record.Outcome, want)
	}
	failure, ok := errors.AsType[*Error](err)
	if !ok || failure.Receipt == nil || failure.Receipt.Log != "test" {
		t.Fatalf("no receipt on %v", err)
	}
	return failure
}
