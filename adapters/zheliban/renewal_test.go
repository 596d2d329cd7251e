package zheliban_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/adapters/zheliban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	province "github.com/zhengqiao/zhengqiao/simulators/zheliban"
)

// calls counts, in this order: data, renewals by the appSecret, renewals by the refreshSecret.
func calls(data, byKey, bySecret int) map[string]int {
	counted := map[string]int{}
	for operation, times := range map[string]int{
		province.OperationSharing: data, province.OperationRefreshByKey: byKey, province.OperationRefreshBySec: bySecret,
	} {
		if times > 0 {
			counted[operation] = times
		}
	}
	return counted
}

func TestSecretsAreRenewedByStep(t *testing.T) {
	t.Parallel()
	b := setup(t, sharingConfig, sharingSecret)
	steps := []struct {
		when   string
		later  time.Duration
		counts map[string]int
	}{
		{"first", 0, calls(1, 1, 0)},
		{"while the requestSecret is good", 14 * time.Minute, calls(2, 1, 0)},
		{"within its last seconds", 45 * time.Second, calls(3, 1, 1)},
		{"after the next has ended", 15 * time.Minute, calls(4, 1, 2)},
		{"after the refreshSecret has ended", 48 * time.Hour, calls(5, 2, 2)},
	}
	for _, step := range steps {
		b.ahead.Add(int64(step.later))
		if _, err := b.ask(b.request(b.person("normal-zhejiang"))); err != nil {
			t.Errorf("%s: %v", step.when, err)
		}
		b.wantCalls(step.when, step.counts)
	}
}

func TestAnUnknownCodeRenewsTheSecretOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, sharingConfig, sharingSecret)
	b.breaks(fault.Fault{Kind: fault.Business, Operation: province.OperationSharing, Code: "77", Times: 1})
	if _, err := b.ask(b.request(b.person("normal-zhejiang"))); err != nil {
		t.Errorf("a code that goes away with a new secret: %v", err)
	}
	b.wantCalls("once", calls(2, 1, 1))
	b.breaks(fault.Fault{Kind: fault.Business, Operation: province.OperationSharing, Code: "77"})
	if _, err := b.ask(b.request(b.person("normal-zhejiang"))); exchange.CodeOf(err) != exchange.SourceDown {
		t.Errorf("a code that stays: %v", err)
	}
	b.wantCalls("always", calls(4, 1, 2))
}

func TestAStaleSignatureThatStaysIsARefusal(t *testing.T) {
	t.Parallel()
	b := setup(t, sharingConfig, sharingSecret)
	b.breaks(fault.Fault{Kind: fault.Business, Operation: province.OperationSharing, Code: "14"})
	if _, err := b.ask(b.request(b.person("normal-zhejiang"))); exchange.CodeOf(err) != exchange.SourceRefused {
		t.Errorf("error %v", err)
	}
	b.wantCalls("14 twice", calls(2, 1, 1))
}

func TestAKnownCodeLeavesTheSecretAlone(t *testing.T) {
	t.Parallel()
	b := setup(t, func(base string) zheliban.Config {
		config := sharingConfig(base)
		config.Failures = row.Failures{"30": exchange.RecordNotArchived}
		return config
	}, sharingSecret)
	b.breaks(fault.Fault{Kind: fault.Business, Operation: province.OperationSharing, Code: "30", Times: 1})
	if _, err := b.ask(b.request(b.person("normal-zhejiang"))); exchange.CodeOf(err) != exchange.RecordNotArchived {
		t.Errorf("error %v", err)
	}
	nobody := b.request(b.person("normal-zhejiang"))
	nobody.Purpose = exchange.Purpose{}
	if _, err := b.ask(nobody); exchange.CodeOf(err) != exchange.SourceRefused {
		t.Errorf("without a purpose: %v", err)
	}
	b.wantCalls("two known codes", calls(2, 1, 0))
}

func TestARenewalThatFailsIsTheQuerysFailure(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault fault.Fault
		want  exchange.Code
	}{
		"down":    {fault.Fault{Kind: fault.ServerError}, exchange.SourceDown},
		"garbage": {fault.Fault{Kind: fault.Garbage}, exchange.SourceInvalid},
		"busy":    {fault.Fault{Kind: fault.Business, Code: "99"}, exchange.SourceDown},
	} {
		b := setup(t, sharingConfig, sharingSecret)
		c.fault.Operation = province.OperationRefreshByKey
		b.breaks(c.fault)
		if _, err := b.ask(b.request(b.person("normal-zhejiang"))); exchange.CodeOf(err) != c.want {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
		b.wantCalls(name, calls(0, 1, 0))
	}
}

// TestADownPlatformIsNotAskedByTheAppSecret keeps the appSecret for when the platform says that the refreshSecret has ended.
func TestADownPlatformIsNotAskedByTheAppSecret(t *testing.T) {
	t.Parallel()
	b := setup(t, sharingConfig, sharingSecret)
	request := b.request(b.person("normal-zhejiang"))
	if _, err := b.ask(request); err != nil {
		t.Fatal(err)
	}
	b.ahead.Add(int64(15 * time.Minute))
	b.breaks(fault.Fault{Kind: fault.ServerError, Operation: province.OperationRefreshBySec, Times: 1})
	if _, err := b.ask(request); exchange.CodeOf(err) != exchange.SourceDown {
		t.Errorf("error %v", err)
	}
	b.wantCalls("down", calls(1, 1, 1))
	b.breaks(fault.Fault{Kind: fault.Business, Operation: province.OperationRefreshBySec, Code: "15", Times: 1})
	if _, err := b.ask(request); err != nil {
		t.Errorf("a refreshSecret that the platform doesn't take: %v", err)
	}
	b.wantCalls("turned down", calls(2, 2, 2))
}
