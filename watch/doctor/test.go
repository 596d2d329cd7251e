package doctor

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Connection is what a connection to a host showed, step by step. What was not reached is zero.
type Connection struct {
	Resolve, Connect, Handshake time.Duration
	Secure                      bool // TLS was spoken
	CertUntil                   time.Time
}

// Prober makes connections by the rules of an adapter's own. Errors have their [exchange.LayerOf].
type Prober interface {
	Connect(ctx context.Context, host string) (Connection, error)
	Date(ctx context.Context, host string) (time.Time, error)
}

// Host is one host of an adapter.
type Host struct {
	URL    string // such as https://example.gov.cn
	Prober Prober
}

// Patient is the adapter that is tested.
type Patient struct {
	ID    string
	Hosts []Host // none: there is nothing to connect to
	// Sample asks a harmless question of which the answer is known: nil if there is none. field names what came out wrong in a right
	// answer, "" if all is right.
	Sample func(context.Context) (field string, err error)
	Clock  func() time.Time
	Skew   time.Duration // how far clocks may be apart. 0: 30 s
}

// Test makes the whole test. It takes as long as the adapter's time-outs at most, and is ended by ctx.
func Test(ctx context.Context, p Patient) Report {
	r := newReport(p.ID, p.Clock().UTC())
	if p.connect(ctx, r) && p.clock(ctx, r) {
		p.ask(ctx, r)
	}
	return *r
}

// connect does DNS, TCP and TLS of every host.
func (p *Patient) connect(ctx context.Context, r *Report) bool {
	if len(p.Hosts) == 0 {
		for _, name := range []StepName{DNS, TCP, TLS} {
			r.set(Step{Name: name, State: Skipped, Hint: watch.Text{Zh: "此适配器没有可连接的地址", En: "this adapter has no address to connect to"}})
		}
		return true
	}
	var sum Connection
	for _, host := range p.Hosts {
		seen, err := host.Prober.Connect(ctx, host.URL)
		if err != nil {
			r.connected(seen, err, host.URL)
			return false
		}
		sum.Resolve, sum.Connect, sum.Handshake = sum.Resolve+seen.Resolve, sum.Connect+seen.Connect, sum.Handshake+seen.Handshake
		sum.Secure = sum.Secure || seen.Secure
		if sum.CertUntil.IsZero() || !seen.CertUntil.IsZero() && seen.CertUntil.Before(sum.CertUntil) {
			sum.CertUntil = seen.CertUntil
		}
	}
	r.connected(sum, nil, "")
	return true
}

// connected puts down how far a connection came.
func (r *Report) connected(seen Connection, err error, host string) {
	detail := strings.TrimPrefix(strings.TrimPrefix(host, "https://"), "http://")
	if err != nil {
		detail += ", " + err.Error()
	}
	layer := watch.Layer(exchange.LayerOf(err))
	failedAt := map[watch.Layer]StepName{watch.LayerDNS: DNS, watch.LayerTLS: TLS}[layer]
	if err != nil && failedAt == "" {
		failedAt = TCP
		if seen.Resolve == 0 {
			failedAt = DNS
		} else if seen.Connect > 0 {
			failedAt = TLS
		}
	}
	for _, step := range []Step{{Name: DNS, Took: seen.Resolve}, {Name: TCP, Took: seen.Connect}, {Name: TLS, Took: seen.Handshake}} {
		if step.Name == failedAt {
			r.fail(step.Name, layer, detail)
			return
		}
		step.State = OK
		r.set(step)
	}
	r.secured(seen)
}

func (r *Report) secured(seen Connection) {
	step := Step{Name: TLS, State: OK, Took: seen.Handshake}
	if seen.Secure {
		until := seen.CertUntil.Format(time.DateOnly)
		step.Found = watch.Text{Zh: "证书有效至 " + until, En: "the certificate holds until " + until}
	} else {
		step.State, step.Hint = Skipped, watch.Text{Zh: "地址是 http，没有 TLS 可测", En: "the address is http: there is no TLS to test"}
	}
	r.set(step)
}

// defaultSkew is half of what the strictest platform allows.
const defaultSkew = 30 * time.Second

// clock compares the clocks. Disagreeing ones do not end the test: what the platform makes of it shows next.
func (p *Patient) clock(ctx context.Context, r *Report) bool {
	for _, host := range p.Hosts {
		date, err := host.Prober.Date(ctx, host.URL)
		if err != nil {
			r.set(Step{Name: Clock, State: Skipped, Hint: watch.Text{Zh: "对方没有报告时间（Date）", En: "the platform does not say its time (Date)"}})
			continue
		}
		skew := date.Sub(p.Clock().Truncate(time.Second))
		if skew.Abs() > cmp.Or(p.Skew, defaultSkew) {
			r.fail(Clock, watch.LayerClock, skew.String())
			return true
		}
		r.set(Step{Name: Clock, State: OK, Found: watch.Text{Zh: "相差 " + skew.String(), En: "apart by " + skew.String()}})
	}
	if len(p.Hosts) == 0 {
		r.set(Step{Name: Clock, State: Skipped, Hint: watch.Text{Zh: "没有可询问的地址", En: "there is no address to ask"}})
	}
	return true
}

// ask asks the sample and reads from its outcome what else is accepted.
func (p *Patient) ask(ctx context.Context, r *Report) {
	if p.Sample == nil {
		for _, name := range []StepName{Signature, Permission, Sample} {
			r.set(Step{Name: name, State: Skipped, Hint: watch.Text{
				Zh: "没有可用于测试的问题；为来源配置 canaries.sources", En: "there is no question to test with; give the source one in canaries.sources"}})
		}
		return
	}
	began := p.Clock()
	field, err := p.Sample(ctx)
	r.asked(field, err, p.Clock().Sub(began))
}

func (r *Report) asked(field string, err error, took time.Duration) {
	layer := watch.Layer(exchange.LayerOf(err))
	switch layer {
	case watch.LayerSignature, watch.LayerClock:
		r.fail(Signature, layer, "")
		return
	case watch.LayerCredential:
		r.set(Step{Name: Signature, State: Skipped, Hint: watch.Text{Zh: "平台在核验之前就拒绝了", En: "the platform refused before it said anything of it"}})
		r.fail(Permission, layer, "")
		return
	}
	if watch.Failure(err) { // whether it was accepted does not show
		r.fail(Sample, layer, string(exchange.CodeOf(err)))
		return
	}
	r.set(Step{Name: Signature, State: OK})
	r.set(Step{Name: Permission, State: OK})
	switch {
	case err != nil:
		r.fail(Sample, watch.LayerValue, string(exchange.CodeOf(err)))
	case field != "":
		r.fail(Sample, watch.LayerValue, field)
	default:
		r.set(Step{Name: Sample, State: OK, Took: took})
	}
}
