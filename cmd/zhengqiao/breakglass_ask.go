package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// opening is an emergency access as the gateway tells it.
type opening struct {
	ID, State, Operator, Region, Reason, Reference string
	Asked, ConfirmBy, Until                        time.Time
	Queries, Most                                  int
}

func (b *breakGlass) open(ctx context.Context, o *operator, _ []string) error {
	person, err := b.subject(o)
	if err != nil {
		return err
	}
	asked := map[string]any{
		"subject": person, "region": b.region, "reason": b.reason, "reference": b.reference, "legalBasis": b.basis, "minutes": b.minutes,
	}
	var got opening
	if err := o.post(ctx, "/breakglass/open", asked, &got); err != nil {
		return err
	}
	got.tell(o)
	return nil
}

// act confirms or closes.
func (b *breakGlass) act(action string) func(context.Context, *operator, []string) error {
	return func(ctx context.Context, o *operator, args []string) error {
		if !isOpening(args[0]) {
			return errNoOpening
		}
		var got opening
		if err := o.post(ctx, "/breakglass/"+args[0]+"/"+action, map[string]string{"reason": b.reason}, &got); err != nil {
			return err
		}
		got.tell(o)
		return nil
	}
}

func (b *breakGlass) query(ctx context.Context, o *operator, args []string) error {
	if !isOpening(args[0]) {
		return errNoOpening
	}
	person, err := b.subject(o)
	if err != nil {
		return err
	}
	operation := "licence.query"
	if b.violations {
		operation = "violations.query"
	}
	var got struct {
		Opening opening
		Answer  string
		Receipt struct{ Index uint64 }
	}
	if err := o.post(ctx, "/breakglass/"+args[0]+"/query", map[string]any{"operation": operation, "subject": person}, &got); err != nil {
		return err
	}
	o.say("%s\n", got.Answer)
	o.say("record %d; %d of %d questions asked, open until %s\n", got.Receipt.Index, got.Opening.Queries, got.Opening.Most, clockTime(got.Opening.Until))
	return nil
}

func (b *breakGlass) list(ctx context.Context, o *operator, _ []string) error {
	var got struct{ Openings []opening }
	if err := o.get(ctx, "/breakglass", &got); err != nil {
		return err
	}
	for _, one := range got.Openings {
		one.tell(o)
	}
	if len(got.Openings) == 0 {
		o.say("no emergency access in the last two days\n")
	}
	return nil
}

func (p *opening) tell(o *operator) {
	o.say("%s  %s  %s  %s  %s: %s", p.ID, p.State, p.Operator, p.Region, p.Reference, p.Reason)
	switch p.State {
	case "pending":
		o.say("; another operator must confirm it by %s: zhengqiao breakglass confirm %s", clockTime(p.ConfirmBy), p.ID)
	case "open":
		o.say("; until %s, %d of %d questions asked", clockTime(p.Until), p.Queries, p.Most)
	}
	o.say("\n")
}

func clockTime(t time.Time) string { return t.Local().Format("15:04:05") }

var errNoOpening = errors.New("OPENING is the id that `breakglass open` printed: 32 of 0-9 and a-f")

// isOpening keeps whatever else somebody may have typed, such as a person's number, out of an address.
func isOpening(text string) bool {
	if len(text) != 32 {
		return false
	}
	for _, r := range text {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') {
			return false
		}
	}
	return true
}

// subject reads name and number.
func (b *breakGlass) subject(o *operator) (json.RawMessage, error) {
	from := o.command.InOrStdin()
	if b.person != "-" {
		file, err := os.Open(b.person)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	text, err := io.ReadAll(io.LimitReader(from, 4<<10))
	if err != nil {
		return nil, fmt.Errorf("read the person: %w", err)
	}
	if !json.Valid(text) {
		return nil, errors.New(`the person is no JSON; want {"name": "…", "idNumber": "…"}`)
	}
	return text, nil
}
