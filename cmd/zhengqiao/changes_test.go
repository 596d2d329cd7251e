package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/suishenban"
)

// repairShop is a running gateway with stand-ins and one operator, li.
type repairShop struct {
	*served
	t      *testing.T
	world  *demo.World
	config string
	pusher *suishenban.Pusher
}

func newRepairShop(t *testing.T) *repairShop {
	t.Helper()
	dir := t.TempDir()
	world, err := demo.NewWorld(dir, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	for _, name := range []string{"li", "stranger"} {
		if _, complaints, code := program(t, nil, "keys", "new", "--dir", filepath.Join(dir, "keys"), name); code != 0 {
			t.Fatal(complaints)
		}
	}
	replaceIn(t, world.ConfigPath(), "\noperators:\n", "\noperators:\n  - id: li\n    keys: [{id: li-1, public: file:keys/li.pub.pem}]\n")
	s := &repairShop{t: t, world: world, config: world.ConfigPath()}
	s.served = serveProcess(t, s.config)
	settings, err := config.Load(s.config, nil)
	if err != nil {
		t.Fatal(err)
	}
	key, err := keys.Files{Root: dir}.PrivateKey("file:keys/suishenban-push.key.pem")
	if err != nil {
		t.Fatal(err)
	}
	s.pusher = &suishenban.Pusher{
		URL: settings.URL() + "/push/suishenban", KeyID: "suishenban-push-1", Clock: time.Now, Client: http.DefaultClient,
		Sent: uint64(time.Now().UnixMilli()), Sign: func(message []byte) ([]byte, error) { return key.Sign(rand.Reader, message) },
	}
	return s
}

// command runs a command in this process: a new one for each of the many would take minutes under the race detector.
func command(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, complaints bytes.Buffer
	root := root()
	root.SetArgs(args)
	root.SetIn(strings.NewReader(stdin))
	root.SetOut(&out)
	root.SetErr(&complaints)
	if err := root.ExecuteContext(t.Context()); err != nil {
		complaints.WriteString(err.Error())
		code = exitCode(err)
	}
	return out.String(), complaints.String(), code
}

// run runs a command as li and holds its exit code to what is wanted.
func (s *repairShop) run(want int, stdin string, args ...string) string {
	s.t.Helper()
	out, complaints, code := command(s.t, stdin, append(args, "--config", s.config, "--as", "li", "--language", "en")...)
	if code != want {
		s.t.Fatalf("%v: exit %d, want %d\n%s\n%s", args, code, want, out, complaints)
	}
	return out + complaints
}

// change pushes a change of some citizens' licences.
func (s *repairShop) change(status string, personas ...string) {
	s.t.Helper()
	var people []citizen.Citizen
	for _, name := range personas {
		person, known := s.world.Citizens.Persona(name)
		if !known {
			s.t.Fatalf("no persona %s", name)
		}
		s.world.Citizens.Update(person.IDNumber, func(c *citizen.Citizen) {
			c.Licence.Status, c.Licence.Updated = status, time.Now().Truncate(time.Second)
		})
		person, _ = s.world.Citizens.Find(person.IDNumber)
		people = append(people, person)
	}
	code, answer, err := s.pusher.Push(s.t.Context(), people...)
	if err != nil || code != http.StatusOK || !strings.Contains(string(answer), `"errors":[]`) {
		s.t.Fatalf("push: %d %s %v", code, answer, err)
	}
}

// settled waits until the platform was offered everything, and gives its status.
func (s *repairShop) settled(platform string) platformStatus {
	s.t.Helper()
	for {
		var status struct{ Platforms []platformStatus }
		out, complaints, code := command(s.t, "", "changes", "status", "--json", "--config", s.config, "--as", "li")
		if err := json.Unmarshal([]byte(out), &status); code != 0 || err != nil {
			s.t.Fatalf("status: exit %d %v\n%s %s", code, err, out, complaints)
		}
		for _, p := range status.Platforms {
			if p.Platform == platform && p.Pending == 0 {
				return p
			}
		}
	}
}

func TestOperatorRepairs(t *testing.T) {
	t.Parallel()
	s := newRepairShop(t)
	faults := s.world.StandIns.Platform("suihaoban").Faults()
	refuse := func() {
		if err := faults.Set(fault.Fault{Kind: fault.Business, Code: "40004", Message: "查无此人"}); err != nil {
			t.Fatal(err)
		}
	}
	refuse()
	s.change("B", "normal-shanghai")
	if status := s.settled("suihaoban"); status.Parked != 1 || status.Off {
		t.Fatalf("%+v", status)
	}
	if out := s.run(0, "", "changes", "parked", "--platform", "suihaoban"); !strings.Contains(out, "no-such-record") || !strings.Contains(out, "1 refused notice waiting") {
		t.Error(out)
	}
	if out := s.run(0, "", "changes", "status"); !strings.Contains(out, "suihaoban") || !strings.Contains(out, "not compared") {
		t.Error(out)
	}
	replay := []string{"changes", "replay", "--platform", "suihaoban", "--reason", "citizen registered"}
	if out := s.run(1, "", replay...); !strings.Contains(out, "nothing was done") || !strings.Contains(out, "version 1") {
		t.Error(out)
	}
	if out := s.run(1, "2\n", replay...); !strings.Contains(out, "nothing was done") {
		t.Error(out)
	}
	if out := s.run(exitIncomplete, "1\n", replay...); !strings.Contains(out, "1 of 1 failed") {
		t.Error(out)
	}
	faults.Clear()
	if out := s.run(0, "", append(replay, "--yes")...); !strings.Contains(out, "1 delivered") {
		t.Error(out)
	}
	if out := s.run(0, "", append(replay, "--yes")...); !strings.Contains(out, "nothing waits") {
		t.Error(out)
	}
	refuse()
	s.change("BD", "normal-shanghai")
	s.settled("suihaoban")
	if out := s.run(1, "", "changes", "replay", "--reason", "all of it"); !strings.Contains(out, "at least one of the flags") {
		t.Errorf("a replay of who knows what: %s", out)
	}
	if out := s.run(1, "", "changes", "skip", "--platform", "suihaobang", "--reason", "typing"); !strings.Contains(out, "suihaobang") || !strings.Contains(out, "suihaoban,") {
		t.Errorf("a platform that is none: %s", out)
	}
	if out := s.run(0, "", "changes", "skip", "--code", "no-such-record", "--yes", "--reason", "moved away"); !strings.Contains(out, "1 skipped") {
		t.Error(out)
	}
	faults.Clear()
	s.reconcile()
	s.switches()
	s.strangers()
	metrics := get(t, s.ops+"/metrics")
	for !strings.Contains(metrics, "zhengqiao_changes_lag_seconds{") && t.Context().Err() == nil { // a busy machine has no status in time
		metrics = get(t, s.ops+"/metrics")
	}
	for _, want := range []string{
		`zhengqiao_changes_lag_seconds{platform="suihaoban"} 0`, `zhengqiao_changes_pending{platform="suihaoban"} 0`,
		`zhengqiao_changes_parked{platform="suihaoban"} 0`, `zhengqiao_changes_divergence{kind="behind",platform="suihaoban"} 0`,
		`zhengqiao_changes_divergence_oldest_seconds{platform="suihaoban"} 0`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no metric %s", want)
		}
	}
	s.stop(t)
	records, _, _ := command(t, "", "records", "list", "--config", s.config, "--count", "1000")
	for _, want := range []string{"operators.replay", "changes.replay", "operators.skip", "operators.reconcile", "operators.repair", "changes.repair", "operators.disable"} {
		if !strings.Contains(records, `"operation":"`+want+`"`) {
			t.Errorf("no record of %s", want)
		}
	}
}

// reconcile: the skipped version is missing at 穗好办, and is told again.
func (s *repairShop) reconcile() {
	s.t.Helper()
	if out := s.run(exitDiverged, "", "reconcile", "suihaoban"); !strings.Contains(out, "behind: 1") || !strings.Contains(out, "wrong in status: 1") {
		s.t.Error(out)
	}
	if out := s.run(1, "", "reconcile", "suihaoban", "--repair"); !strings.Contains(out, "--reason") {
		s.t.Error(out)
	}
	if out := s.run(1, "no\n", "reconcile", "suihaoban", "--repair", "--reason", "skipped by mistake"); !strings.Contains(out, "nothing was done") {
		s.t.Error(out)
	}
	if out := s.run(0, "", "reconcile", "suihaoban", "--repair", "--yes", "--reason", "skipped by mistake"); !strings.Contains(out, "1 delivered") {
		s.t.Error(out)
	}
	if out := s.run(0, "", "reconcile", "suihaoban", "--json"); !strings.Contains(out, `"diverged": 0`) {
		s.t.Error(out)
	}
	if out := s.run(exitProblem, "", "reconcile", "nobody"); !strings.Contains(out, "not-found") {
		s.t.Error(out)
	}
}

func (s *repairShop) switches() {
	s.t.Helper()
	s.run(0, "", "changes", "disable", "suihaoban", "--reason", "maintenance")
	if out := s.run(0, "", "changes", "status"); !strings.Contains(out, "off by li: maintenance") {
		s.t.Error(out)
	}
	s.run(0, "", "changes", "enable", "suihaoban", "--reason", "maintenance is over")
	s.run(1, "", "changes", "enable", "suihaoban")
	s.run(exitProblem, "", "changes", "enable", "nobody", "--reason", "maintenance is over")
	s.run(exitProblem, "", "changes", "job", "0")
	s.run(exitProblem, "", "changes", "enable", "suihaoban", "--reason", "x")
}

// strangers get nothing.
func (s *repairShop) strangers() {
	s.t.Helper()
	if out := s.run(exitProblem, "", "changes", "status", "--key", "keys/stranger.key.pem"); !strings.Contains(out, "signature-invalid") {
		s.t.Error(out)
	}
	if out := s.run(exitUntrusted, "", "changes", "status", "--gateway-key", "keys/stranger.pub.pem"); !strings.Contains(out, "provably") {
		s.t.Error(out)
	}
	if _, complaints, code := command(s.t, "", "changes", "status", "--config", s.config, "--as", "suihaoban"); code != 1 || !strings.Contains(complaints, "no operator") {
		s.t.Errorf("a platform as an operator: exit %d %s", code, complaints)
	}
	response, err := http.Get(s.ops + "/ops/v1/changes/status")
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized || response.Header.Get("Signature") == "" {
		s.t.Errorf("unsigned: %d %v", response.StatusCode, response.Header)
	}
}
