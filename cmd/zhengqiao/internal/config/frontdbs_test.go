package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

const synchronised = good + "changes: {gateway: gw-sh}\n"

func TestFrontDBs(t *testing.T) {
	t.Parallel()
	c, err := config.Load(write(t, synchronised+`frontdbs:
  - {id: national, region: "000000", settings: {schema: exchange}}
  - {id: county, region: "310000", mode: read, every: 5m, aspects: [status]}
  - {id: city, region: "310000", mode: tell}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][2]bool{"national": {true, true}, "county": {false, true}, "city": {true, false}} {
		if d := c.FrontDB(id); d == nil || d.Tells() != want[0] || d.Reads() != want[1] {
			t.Errorf("%s: %+v", id, d)
		}
	}
	if c.FrontDB("county").Every != 5*time.Minute || c.FrontDB("elsewhere") != nil {
		t.Error("the wrong one")
	}
}

func TestFrontDBsAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"without changes":  {good + "frontdbs: [{id: a, region: \"310000\"}]\n", "changes.gateway is required"},
		"an id like ours":  {synchronised + "frontdbs: [{id: gw-sh, region: \"310000\"}]\n", "frontdbs[0].id"},
		"a receiver's id":  {synchronised + "receivers: [{id: a, kind: x, region: \"310000\"}]\nfrontdbs: [{id: a, region: \"310000\"}]\n", "frontdbs[0].id"},
		"two of one id":    {synchronised + "frontdbs: [{id: a, region: \"310000\"}, {id: a, region: \"310000\"}]\n", "frontdbs[1].id"},
		"no name":          {synchronised + "frontdbs: [{id: A_b, region: \"310000\"}]\n", "frontdbs[0].id"},
		"no region":        {synchronised + "frontdbs: [{id: a}]\n", "frontdbs[0].region"},
		"no such mode":     {synchronised + "frontdbs: [{id: a, region: \"310000\", mode: write}]\n", "frontdbs[0].mode: want both, tell or read"},
		"too eager":        {synchronised + "frontdbs: [{id: a, region: \"310000\", every: 10ms}]\n", "frontdbs[0].every: want 1s or more"},
		"no such aspect":   {synchronised + "frontdbs: [{id: a, region: \"310000\", aspects: [status, name]}]\n", "frontdbs[0].aspects[1]"},
		"a setting astray": {synchronised + "frontdbs: [{id: a, region: \"310000\", schema: x}]\n", `unknown field "schema"`},
	} {
		if _, err := config.Load(write(t, test.text), nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
