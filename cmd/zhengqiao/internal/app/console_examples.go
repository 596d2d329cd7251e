package app

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/exchange/personal"
	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// Examples implements [playground.Workshop]. A group that can't be read is left out: it must not cost an author what he has typed.
func (c consoleWorkshop) Examples(ctx context.Context) []playground.Example {
	var all examples
	for _, group := range []struct {
		name playground.Group
		add  func(*examples) error
	}{
		{playground.Granted, func(e *examples) error { return e.granted(c.engine) }},
		{playground.Cases, func(e *examples) error { return e.cases(c.folder().FS()) }},
		{playground.Recorded, func(e *examples) error { return e.late(ctx, c.late) }},
	} {
		made := slices.Clone(all)
		if err := group.add(&made); err != nil {
			c.logger.WarnContext(ctx, "the playground leaves examples out", "group", string(group.name), "error", personal.Mask(err.Error(), time.Now()))
			continue
		}
		all = made
	}
	return all
}

// examples are inputs to begin with.
type examples []playground.Example

func (e *examples) add(group playground.Group, id, name string, request *exchange.DecisionRequest) error {
	input, err := tryout.Document(request)
	if err != nil {
		return fmt.Errorf("the example %s: %w", name, err)
	}
	*e = append(*e, playground.Example{ID: string(group) + "-" + id, Group: group, Name: name, Input: input})
	return nil
}

func (e *examples) granted(engine *policies.Engine) error {
	_, files := engine.Sources()
	draft, err := policies.ReadDraft(publish.Files(files).FS(), smcrypto.NewSM3)
	if err != nil {
		return err
	}
	for _, one := range tryout.Examples(draft) {
		if err := e.add(playground.Granted, strconv.Itoa(len(*e)), one.Name, &one.Request); err != nil {
			return err
		}
	}
	return nil
}

func (e *examples) cases(folder fs.FS) error {
	all, err := casebook.Read(folder)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Request == nil {
			continue
		}
		if err := e.add(playground.Cases, strconv.Itoa(len(*e)), one.Name, one.Request); err != nil {
			return err
		}
	}
	return nil
}

func (e *examples) late(ctx context.Context, read func(context.Context) ([]impact.Input, error)) error {
	inputs, err := read(ctx)
	if err != nil {
		return fmt.Errorf("read recorded inputs: %w", err)
	}
	return e.recorded(inputs)
}

// recorded are masked further than an export of inputs: whoever writes policies has no business with who asked, in which matter.
func (e *examples) recorded(inputs []impact.Input) error {
	for i := range inputs {
		in := &inputs[i]
		if in.Announcement() || in.Unkept != "" {
			continue
		}
		request := in.Request()
		maskPurpose(&request.Purpose)
		name := fmt.Sprintf("%s · %s · %s · %s", in.At.In(exchange.Shanghai()).Format(time.DateTime), in.Platform, in.Purpose.Code, in.Operation)
		if err := e.add(playground.Recorded, in.ID, name, &request); err != nil {
			return err
		}
	}
	return nil
}

// maskPurpose keeps of each text whether it is stated, which is what rules ask.
func maskPurpose(p *exchange.Purpose) {
	for _, text := range []*string{&p.Matter, &p.MatterName, &p.Case, &p.UnitName} {
		if strings.TrimSpace(*text) != "" {
			*text = impact.Masked
		}
	}
	if operator := strings.TrimSpace(p.Operator); operator != "" && operator != "self" && operator != "gateway" {
		p.Operator = impact.Masked
	}
}

// What the list of examples takes from the records.
const (
	lateRecords  = 200 // that are looked at, the newest
	lateExamples = 20  // that are given
)

// lateInputs gives the inputs of decisions of late, the newest first.
func (a *App) lateInputs(ctx context.Context) ([]impact.Input, error) {
	inputs, err := a.trail().Newest(ctx, lateRecords, recordsLog(a.config))
	return inputs[:min(len(inputs), lateExamples)], err
}
