package demo

import (
	"context"
	"fmt"
	"time"
)

// invite says what to try.
func (o Options) invite(world *World) {
	fmt.Fprintf(o.Out, `
Try, from another shell:
  go run ./cmd/zhengqiao call licence.query --config %[1]s/zhengqiao.yaml --as suishenban < %[1]s/questions/normal-shanghai.licence.json
  go run ./cmd/zhengqiao call violations.query --config %[1]s/zhengqiao.yaml --as zheliban < %[1]s/questions/unprocessed-violations.violations.json
  go run ./cmd/zhengqiao call capabilities --config %[1]s/zhengqiao.yaml --as wechat-city
  go run ./cmd/zhengqiao call changes.report --config %[1]s/zhengqiao.yaml --as jiaoguan12123 < %[1]s/questions/change.json
  go run ./cmd/zhengqiao changes status --config %[1]s/zhengqiao.yaml --as demo-operator
  go run ./cmd/zhengqiao reconcile zheliban --config %[1]s/zhengqiao.yaml --as demo-operator
Test citizens, what each shows and who should ask: %[1]s/personas.json; questions/ is renewed every %[2]d minutes.
The gateway's log: %[1]s/%[3]s. Its configuration, %[1]s/zhengqiao.yaml, is a sample to start from.
`, world.place.dir, int(freshEvery.Minutes()), LogName)
	fmt.Fprintf(o.Out, "Make a platform fail (-X DELETE mends it): curl -d '{\"kind\":\"delay\",\"duration\":\"2s\"}' URL, where URL is\n")
	for _, kind := range StandInKinds() {
		fmt.Fprintf(o.Out, "  %s\n", Switches(world.StandIns, kind))
	}
	fmt.Fprintln(o.Out, "Ctrl-C ends the demo.")
}

// freshEvery is how often the ready questions are written anew: an authentication counts for 15 minutes.
const freshEvery = 5 * time.Minute

// stay keeps the ready questions fresh until ctx ends.
func (o Options) stay(ctx context.Context, world *World) error {
	ticker := time.NewTicker(freshEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-ticker.C:
			if err := world.place.writeQuestions(world.Citizens, now); err != nil {
				return err
			}
		}
	}
}
