package app

import (
	"context"
	"encoding/json"

	"github.com/zhengqiao/zhengqiao/gateway"
)

// Inputs implements [gateway.Decisions].
func (d *decisions) Inputs(ctx context.Context, asked gateway.InputsAsked) (gateway.InputsPage, error) {
	return d.trail.Page(ctx, asked)
}

// Shadow implements [gateway.Decisions].
func (d *decisions) Shadow() (json.RawMessage, error) {
	if d.shadow == nil {
		return nil, nil
	}
	return json.Marshal(d.shadow.Report(d.engine.Revision(), d.shadow.candidate.Revision()))
}
