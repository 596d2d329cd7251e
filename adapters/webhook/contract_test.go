package webhook_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestReceiverContract runs the contract with full content: a thin event shows no field that could be compared.
func TestReceiverContract(t *testing.T) {
	t.Parallel()
	right, public := newKey(t)
	wrong, _ := newKey(t)
	notice := sample(t)
	adaptertest.ExerciseReceiver(t, adaptertest.ReceiverHarness{
		Start: func(t testing.TB, clock func() time.Time) adaptertest.ReceiverPlatform {
			return receiving(start(t, clock, public), notice.Licence)
		},
		Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
			deps.Secrets = files{"file:key": map[adaptertest.Credential]string{
				adaptertest.RightCredential: right, adaptertest.WrongCredential: wrong,
			}[credential]}.text
			return webhook.OpenReceiver("webhook-demo", "310000", adaptertest.Settings(settings(base, webhook.ContentFull)), deps)
		},
		Now: now(), Notice: notice,
		Want: map[string]string{
			"cardNumber": `"3101********0042"`, "classes": `["A2","C1"]`, "status": statusWanted, "mayDrive": `"no"`, "points": "12",
			"cycleEnd": `"2027-03-14"`, "issuedOn": `"2026-11-24"`, "validUntil": `"2030-06-30"`, "longTerm": "false",
			"validity": `"valid"`, "replacements": "1",
		},
		Outcomes: map[string][]exchange.Code{
			"200": {exchange.SourceInvalid}, // a success by its status, a failure by its body
			"201": {exchange.SourceInvalid}, "302": {exchange.SourceInvalid}, "404": {exchange.SourceInvalid},
			"401": {exchange.SourceRefused}, "409": {exchange.SourceRefused}, "410": {exchange.EndpointGone},
			"429": {exchange.Overloaded},
		},
	})
}

const statusWanted = `[{"businessBlocked":true,"code":"B","mayDrive":"no","nameEn":"points limit reached","nameZh":"超分"},` +
	`{"businessBlocked":true,"code":"D","mayDrive":"no","nameEn":"suspended","nameZh":"暂扣"},` +
	`{"businessBlocked":true,"code":"J","mayDrive":"no","nameEn":"use stopped","nameZh":"停止使用"}]`
