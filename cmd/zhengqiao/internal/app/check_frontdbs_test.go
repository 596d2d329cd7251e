package app_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestCheckLooksAtFrontDatabases without connecting to one.
func TestCheckLooksAtFrontDatabases(t *testing.T) {
	t.Parallel()
	warnings, _, err := checked(t, "# What GET /v1/capabilities tells", `frontdbs:
  - {id: tmri, region: "000000", mode: tell, settings: {dsn: file:keys/missing.dsn, schema: exchange, side: local}}
  - {id: jiaoguan12123, region: "310000", settings: {dsn: file:keys/seal.key, schema: exchange, side: local}}
  - {id: zheliban-sharing, region: "330000", mode: read, settings: {schema: Exchange, side: local}}
  - {id: nobody, region: "330000", mode: read, settings: {dsn: file:keys/seal.key, schema: exchange, side: up}}
# What GET /v1/capabilities tells`)
	if err == nil {
		t.Fatal("nothing was found")
	}
	for _, want := range []string{
		`line \d+: frontdbs\[0\].settings.dsn: .*no such file`, `line \d+: frontdbs\[0\].id: the policies know no platform "tmri"`,
		`line \d+: frontdbs\[1\].settings.dsn: not a connection string`, `line \d+: frontdbs\[1\].region: 310000 here, but 000000`,
		`line \d+: frontdbs\[2\].settings.*dsn: missing`, `schema: want a lower-case name`,
		`frontdbs\[3\].settings.side: want local or national`, `line \d+: frontdbs\[3\].id: the policies let nobody announce nothing`,
	} {
		if !regexp.MustCompile(want).MatchString(err.Error()) {
			t.Errorf("%s is missing in\n%v", want, err)
		}
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "a row that says anything of classes, points, cycle is rejected") {
		t.Errorf("%q", warnings)
	}
}
