package wechat

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, text, want string
		fits             bool
	}{
		{"thing", "暂扣", "暂扣", true},
		{"thing", "", "请打开小程序查看", true},
		{"thing", strings.Repeat("证", 20), strings.Repeat("证", 20), true},
		{"thing", strings.Repeat("证", 21), strings.Repeat("证", 19) + "…", true},
		{"phrase", "违法未处理", "违法未处理", true},
		{"phrase", "超分、暂扣", "请查看", true},
		{"phrase", "一二三四五六", "请查看", true},
		{"phrase", "", "请查看", true},
		{"number", "12", "12", true},
		{"number", "", "", false},
		{"number", "1*", "1*", false},
		{"character_string", "12", "12", true},
		{"character_string", "十二", "十二", false},
		{"time", "2026年11月24日 09:00", "2026年11月24日 09:00", true},
		{"time", "2026年11月24日", "2026年11月24日", false},
		{"date", "2026年11月24日", "2026年11月24日", true},
		{"date", "", "", false},
		{"name", "沈嘉宁", "", false},
	} {
		if got, fits := fit(c.kind, c.text); got != c.want || fits != c.fits {
			t.Errorf("%s %q: %q %t, want %q %t", c.kind, c.text, got, fits, c.want, c.fits)
		}
	}
}

func FuzzFitKeepsTheLimits(f *testing.F) {
	f.Add("暂扣、超分")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		if thing, fits := fit("thing", text); !fits || utf8.RuneCountInString(thing) > maxThing || thing == "" {
			t.Errorf("thing %q", thing)
		}
		if phrase, fits := fit("phrase", text); !fits || utf8.RuneCountInString(phrase) > maxPhrase || !all(phrase, isHan) {
			t.Errorf("phrase %q", phrase)
		}
	})
}

func TestChanges(t *testing.T) {
	t.Parallel()
	for want, events := range map[string][]exchange.Event{
		"暂扣、停止使用":   {{Kind: exchange.StatusAdded, Letter: "D"}, {Kind: exchange.StatusAdded, Letter: "J"}, {Kind: exchange.StatusRemoved, Letter: "A"}},
		"正常、解除暂扣":   {{Kind: exchange.StatusAdded, Letter: "A"}, {Kind: exchange.StatusRemoved, Letter: "D"}},
		"状态变化":      {{Kind: exchange.StatusAdded}, {Kind: exchange.StatusRemoved}},
		"未知状态":      {{Kind: exchange.StatusAdded, Letter: "X"}},
		"换补证、有效期变更": {{Kind: exchange.Replaced}, {Kind: "new.kind"}, {Kind: exchange.ValidityChanged}},
		"准驾车型变更、记分变化、记分周期更新": {{Kind: exchange.ClassChanged}, {Kind: exchange.PointsChanged}, {Kind: exchange.Cleared}},
		"": nil,
	} {
		if got := changes(events); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestContents(t *testing.T) {
	t.Parallel()
	notice := exchange.Notice{
		Events: []exchange.Event{{Kind: exchange.Replaced}}, Happened: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC),
		Fields: exchange.Disclosed{
			{Name: "status", Value: exchange.StatusSet("BD").States()}, {Name: "mayDrive", Value: exchange.MayDriveAsk},
			{Name: "points", Value: 3}, {Name: "cycleEnd", Value: "2027-**-**", Masked: true},
		},
	}
	for name, want := range map[string]string{
		"change": "换补证", "happened": "2026年11月24日 09:00", "status": "超分、暂扣", "mayDrive": "咨询车管所", "points": "3",
		"cycleEnd": "2027-**-**", "validUntil": "",
	} {
		if got := contents(name, notice); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	notice.Events = nil
	if got := contents("happened", notice); got != "" {
		t.Errorf("a hidden change happened %s", got)
	}
}

// TestEveryFieldHasAMember: a field that is synchronised one day must get its name, or notices would fail with it.
func TestEveryFieldHasAMember(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, field := range exchange.Fields(exchange.ChangeDelivery) {
		name, _, ok := memberOf(exchange.DisclosedField{Name: field, Value: "*", Masked: true})
		if !ok || names[name] {
			t.Errorf("%s is written as %q", field, name)
		}
		names[name] = true
	}
	if _, err := statusOf(exchange.Notice{Fields: exchange.Disclosed{{Name: "phone", Value: "1"}}}); exchange.CodeOf(err) != exchange.Internal {
		t.Errorf("a field that is not synchronised: error %v", err)
	}
}

func TestTokenDecode(t *testing.T) {
	t.Parallel()
	i := issuer{failures: defaultFailures()}
	for body, want := range map[string]exchange.Code{
		`{"access_token":"t","expires_in":7200}`:                 "",
		`{"access_token":"","expires_in":7200}`:                  exchange.SourceInvalid,
		`{"access_token":"t","expires_in":0}`:                    exchange.SourceInvalid,
		`{"access_token":"t","expires_in":99999999999}`:          exchange.SourceInvalid,
		`{"errcode":40013,"errmsg":"invalid appid"}`:             exchange.SourceRefused,
		`{"errcode":-1,"errmsg":"system error"}`:                 exchange.SourceDown,
		`{"access_token":"t","expires_in":7200,"errcode":40125}`: exchange.SourceRefused,
		`[]`: exchange.SourceInvalid,
		``:   exchange.SourceInvalid,
	} {
		if _, _, err := i.decode([]byte(body)); exchange.CodeOf(err) != want {
			t.Errorf("%s: error %v, want %q", body, err, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"errcode":0,"errmsg":"ok","list":[{"out_key":"a","version":1,"digest":"d"}]}`))
	f.Add([]byte(`{"access_token":"t","expires_in":7200}`))
	f.Add([]byte(`{"errcode":9223372036854775807}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if no := refused(body, row.Failures{}); no != nil && no.err == nil {
			t.Fatal("refused without a failure")
		}
		if token, life, err := (issuer{}).decode(body); err == nil && (token == "" || life <= 0 || life > maxTokenLife*time.Second) {
			t.Fatalf("token %q for %v", token, life)
		}
		if holdings, err := decodeHoldings(body, ""); err == nil && len(holdings) > holdingsPage {
			t.Fatalf("%d holdings", len(holdings))
		}
	})
}
