// Package fault holds the switches that make a stand-in misbehave on purpose, each for the next so many calls or until it
// is cleared. It knows which switches exist and which of them apply to a call; what they do to an answer is done by
// package standin, or by the platform where only the platform knows the shape.
package fault

import (
	"fmt"
	"strings"
	"time"
)

// Kind names one way of misbehaving.
type Kind string

const (
	Delay         Kind = "delay"          // wait Duration before anything else
	Refuse        Kind = "refuse"         // close the connection without an answer; the call is not carried out
	ServerError   Kind = "server_error"   // HTTP 500 with an HTML page; the call is not carried out
	Drip          Kind = "drip"           // send the answer 16 bytes at a time, Duration apart
	Cut           Kind = "cut"            // carry the call out, send half of the answer, drop the connection
	Garbage       Kind = "garbage"        // answer 200 with bytes that are neither JSON nor XML
	ContentType   Kind = "content_type"   // the right body under text/html
	InvalidUTF8   Kind = "invalid_utf8"   // break one character of the text
	GBK           Kind = "gbk"            // send the text as GBK instead of UTF-8
	Oversize      Kind = "oversize"       // send Size bytes of blanks before the answer
	Stale         Kind = "stale"          // the copy is older by Duration (cd_time); nothing where the source is the authority itself
	WrongPerson   Kind = "wrong_person"   // answer with another person's record
	ClockSkew     Kind = "clock_skew"     // the platform's clock is off by Duration, which may be negative
	ForgetSecrets Kind = "forget_secrets" // forget sessions, secrets and tickets before the call
	Business      Kind = "business"       // the platform's own failure, with Code and Message
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{
		Delay, Refuse, ServerError, Drip, Cut, Garbage, ContentType, InvalidUTF8, GBK, Oversize, Stale, WrongPerson,
		ClockSkew, ForgetSecrets, Business,
	}
}

// Names lists every kind in one line, for people.
func Names() string {
	var names []string
	for _, kind := range Kinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}

// DefaultSize is what Oversize sends when no size is given: more than any client should take.
const DefaultSize = 64 << 20

// Fault is one switch as it was set.
type Fault struct {
	Kind      Kind
	Operation string        // only calls of this operation, as the calls are counted; empty: every call
	Times     int           // the next so many matching calls; 0: until cleared
	Duration  time.Duration // Delay, Drip, Stale, ClockSkew
	Size      int64         // Oversize, bytes; 0: DefaultSize
	Code      string        // Business
	Message   string        // Business, may be empty
}

// check refuses a switch that would do nothing or cannot be carried out.
func (f Fault) check() error {
	switch f.Kind {
	case Delay, Drip, Stale:
		if f.Duration <= 0 {
			return fmt.Errorf("fault: %s needs a positive duration", f.Kind)
		}
	case ClockSkew:
		if f.Duration == 0 {
			return fmt.Errorf("fault: %s needs a duration", f.Kind)
		}
	case Business:
		if f.Code == "" {
			return fmt.Errorf("fault: %s needs a code", f.Kind)
		}
	case Refuse, ServerError, Cut, Garbage, ContentType, InvalidUTF8, GBK, Oversize, WrongPerson, ForgetSecrets:
	default:
		return fmt.Errorf("fault: unknown kind %q; there are %s", f.Kind, Names())
	}
	if f.Times < 0 || f.Size < 0 {
		return fmt.Errorf("fault: %s has a negative count or size", f.Kind)
	}
	return nil
}
