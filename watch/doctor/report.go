package doctor

import (
	"time"

	"github.com/zhengqiao/zhengqiao/watch"
)

// StepName is one step of the connection test.
type StepName string

// The steps, in their order.
const (
	DNS        StepName = "dns"        // the host's name resolves
	TCP        StepName = "tcp"        // its address takes a connection
	TLS        StepName = "tls"        // the handshake succeeds and the certificate holds
	Clock      StepName = "clock"      // the two clocks agree
	Signature  StepName = "signature"  // the platform accepts what we sign or show
	Permission StepName = "permission" // it lets us ask this
	Sample     StepName = "sample"     // a known question is answered as it should be
)

// Steps gives all steps in their order.
func Steps() []StepName { return []StepName{DNS, TCP, TLS, Clock, Signature, Permission, Sample} }

// State is how a step came out.
type State string

// The states of a step.
const (
	OK      State = "ok"
	Failed  State = "failed"
	Skipped State = "skipped" // an earlier step failed, or there is nothing to test
)

// Step is the outcome of one step.
type Step struct {
	Name  StepName      `json:"name"`
	State State         `json:"state"`
	Took  time.Duration `json:"took,omitempty"` // nanoseconds; zero where it was not measured by itself
	Layer watch.Layer   `json:"layer,omitempty"`
	Found watch.Text    `json:"found,omitzero"` // what was seen
	Hint  watch.Text    `json:"hint,omitzero"`  // what to do; empty when ok
}

// Report is the outcome of a whole test.
type Report struct {
	Adapter string    `json:"adapter"`
	At      time.Time `json:"at"`
	Steps   []Step    `json:"steps"` // one each, in the order of [Steps]
}

// Passed reports whether no step failed and the sample was answered.
func (r *Report) Passed() bool {
	for _, step := range r.Steps {
		if step.State == Failed || step.Name == Sample && step.State != OK {
			return false
		}
	}
	return len(r.Steps) > 0
}

// Failed reports whether a step failed; one that was skipped did not.
func (r *Report) Failed() bool {
	for _, step := range r.Steps {
		if step.State == Failed {
			return true
		}
	}
	return false
}

// set puts an outcome in its place.
func (r *Report) set(step Step) {
	for i := range r.Steps {
		if r.Steps[i].Name == step.Name {
			r.Steps[i] = step
		}
	}
}

// fail puts a failure at a step; the words are the layer's.
func (r *Report) fail(name StepName, layer watch.Layer, detail string) {
	why, advice := watch.Explain(layer)
	if detail != "" {
		why = watch.Text{Zh: why.Zh + "：" + detail, En: why.En + ": " + detail}
	}
	r.set(Step{Name: name, State: Failed, Layer: layer, Found: why, Hint: advice})
}

// newReport is a report in which nothing was tested yet.
func newReport(adapter string, at time.Time) *Report {
	r := &Report{Adapter: adapter, At: at}
	for _, name := range Steps() {
		r.Steps = append(r.Steps, Step{Name: name, State: Skipped, Hint: watch.Text{Zh: "先排除前面的故障", En: "mend what failed before it"}})
	}
	return r
}
