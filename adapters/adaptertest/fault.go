package adaptertest

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Fault names one way in which a platform fails. The values are those by which the stand-ins know their switches.
type Fault string

// The faults. The code behind each is what the contract asks for.
const (
	ServerError   Fault = "server_error"   // HTTP 500: SourceDown
	Refuse        Fault = "refuse"         // the connection is closed without an answer: TransferInterrupted
	Cut           Fault = "cut"            // the answer ends in its middle: TransferInterrupted
	Delay         Fault = "delay"          // no answer within the deadline: SourceTimeout
	Drip          Fault = "drip"           // an answer that takes longer than the deadline: SourceTimeout
	Garbage       Fault = "garbage"        // bytes that are no answer: SourceInvalid
	ContentType   Fault = "content_type"   // another media type: SourceInvalid
	InvalidUTF8   Fault = "invalid_utf8"   // a broken character: SourceInvalid
	GBK           Fault = "gbk"            // another encoding than the protocol's: SourceInvalid
	Oversize      Fault = "oversize"       // an answer without end: SourceInvalid
	WrongPerson   Fault = "wrong_person"   // another person's record: SourceInvalid
	ClockSkew     Fault = "clock_skew"     // our clock and theirs differ too much: SourceRefused
	ForgetSecrets Fault = "forget_secrets" // the platform forgets the secret that it handed out: nothing to be seen
)

// faultCase is one fault with what must come of it.
type faultCase struct {
	fault  Fault
	length time.Duration
	want   exchange.Code
}

// forever outlasts every deadline and every permitted skew.
const forever = 24 * time.Hour

func faultCases() []faultCase {
	return []faultCase{
		{ServerError, 0, exchange.SourceDown}, {Refuse, 0, exchange.TransferInterrupted}, {Cut, 0, exchange.TransferInterrupted},
		{Delay, forever, exchange.SourceTimeout}, {Drip, forever, exchange.SourceTimeout},
		{Garbage, 0, exchange.SourceInvalid}, {ContentType, 0, exchange.SourceInvalid}, {InvalidUTF8, 0, exchange.SourceInvalid},
		{GBK, 0, exchange.SourceInvalid}, {Oversize, 0, exchange.SourceInvalid}, {WrongPerson, 0, exchange.SourceInvalid},
		{ClockSkew, forever, exchange.SourceRefused},
	}
}

// outlastsDeadline reports whether the fault shows only when a deadline ends the call.
func (c faultCase) outlastsDeadline() bool { return c.fault == Delay || c.fault == Drip }

// wanted gives the codes that the question may end in.
func (q Question) wanted(c faultCase) []exchange.Code {
	if codes, ok := q.Faults[c.fault]; ok {
		return codes
	}
	return []exchange.Code{c.want}
}
