package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/watch"
)

// watchSteps show what an operator sees; `zhengqiao health` shows the same.
func (t *tour) watchSteps() []step {
	return []step{
		{"来源应答正常而值错误：探针发现，指示灯变红并指明层次", "a source answers, and wrongly: a canary finds it, the light turns red and names the layer", t.wrongValue},
	}
}

// wrongValue changes the points of the canary's licence in 穗好办.
func (t *tour) wrongValue(ctx context.Context) (string, error) {
	id := t.personas["canary-guangdong"].IDNumber
	points := func(count int) { t.citizens.Amend(id, time.Now(), func(l *citizen.Licence) { l.Points = count }) }
	points(9)
	defer points(2)
	var light watch.Light
	began := time.Now()
	err := t.until(ctx, func() (bool, error) {
		light = t.contractOf("suihaoban")
		return light.Colour == watch.Red && light.Layer == watch.LayerValue, nil
	})
	if err != nil {
		return "", fmt.Errorf("the light is %s: %w", light.Colour, err)
	}
	return fmt.Sprintf("after %s: contract of suihaoban is red at %s: %s", time.Since(began).Round(time.Millisecond), light.Layer, light.Why.En), nil
}

// contractOf gives the light that says whether a platform's values are right.
func (t *tour) contractOf(id string) watch.Light {
	for _, adapter := range t.gateway.Overview().Adapters {
		if adapter.ID == id {
			return adapter.Lights[3]
		}
	}
	return watch.Light{}
}
