package wechat_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/wechat"
	"github.com/zhengqiao/zhengqiao/exchange"
	weixin "github.com/zhengqiao/zhengqiao/simulators/wechat"
)

// errcodes is WeChat's table with what must become of a notice.
func errcodes() map[string][]exchange.Code {
	codes := map[string][]exchange.Code{
		"-1": {exchange.SourceDown}, "45009": {exchange.SourceDown}, "99999": {exchange.SourceDown}, "40097": {exchange.NoRecord},
	}
	for _, permanent := range []string{"40003", "40037", "41030", "43101", "47003", "45168", "40013", "40125", "40164"} {
		codes[permanent] = []exchange.Code{exchange.SourceRefused}
	}
	for _, renewed := range []string{"40001", "42001", "40014"} {
		codes[renewed] = []exchange.Code{""} // once: a new token, and it is taken
	}
	return codes
}

func TestCityServiceContract(t *testing.T) {
	t.Parallel()
	people := registry(t)
	adaptertest.ExerciseReceiver(t, adaptertest.ReceiverHarness{
		Start: func(t testing.TB, clock func() time.Time) adaptertest.ReceiverPlatform {
			return receiving(start(t, people, 0, clock))
		},
		Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
			return open(settings(base, wechat.ChannelCityService), credential, deps)
		},
		Now: moment(), Notice: adaptertest.Sample(subject(t, people), moment()),
		Want: map[string]string{
			"status": "BDJ", "may_drive": "no", "classes": "A2C1", "valid_until": "2030-06-30", "long_term": "2", "validity": "valid",
			"card_no": "3101********0042", "issue_date": "2026-11-24", "replace_count": "1", "points": "12", "cycle_end": "2027-03-14",
		},
		Lacks: map[adaptertest.Fault]string{
			adaptertest.ClockSkew: "no field carries a time", adaptertest.GBK: "answers hold ASCII only",
		},
		Secret: &adaptertest.Secret{Refresh: weixin.OperationToken, Life: 2 * time.Hour}, Outcomes: errcodes(),
	})
}

func TestSubscribeContract(t *testing.T) {
	t.Parallel()
	people := registry(t)
	adaptertest.ExerciseReceiver(t, adaptertest.ReceiverHarness{
		Start: func(t testing.TB, clock func() time.Time) adaptertest.ReceiverPlatform {
			return receiving(start(t, people, 0, clock))
		},
		Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
			deps.Contacts = &contacts{credits: 2}
			return open(settings(base, wechat.ChannelSubscribe), credential, deps)
		},
		Now: moment(), Notice: adaptertest.Sample(subject(t, people), moment()),
		Want: map[string]string{
			"thing1": "暂扣、换补证", "time2": "2026年11月24日 09:00", "phrase3": "不得驾驶", "number4": "12", "date5": "2030年6月30日",
		},
		Lacks: map[adaptertest.Fault]string{
			adaptertest.ClockSkew: "no field carries a time", adaptertest.GBK: "answers hold ASCII only",
			adaptertest.WrongPerson: "an answer names nobody",
		},
		Secret: &adaptertest.Secret{Refresh: weixin.OperationToken, Life: 2 * time.Hour}, Outcomes: errcodes(), Messages: true,
	})
}
