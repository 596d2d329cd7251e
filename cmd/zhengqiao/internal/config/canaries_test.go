package config

import (
	"fmt"
	"strings"
	"testing"
)

// Where several gateways share a journal, all but the one that delivers would turn red.
func TestACanaryChangeNeedsAGatewayThatWorksAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		journal Journal
		refused bool
	}{
		"alone":     {},
		"a cluster": {Journal{Cluster: JournalCluster{Name: "a"}}, true},
		"outside":   {Journal{Remote: JournalRemote{URLs: []string{"tls://a:4222"}}}, true},
	} {
		person := CanaryPerson{Name: "file:name", IDNumber: "file:id", Region: "310000"}
		checked := Config{Journal: c.journal, Changes: Changes{Gateway: "zhengqiao"}, Canaries: Canaries{Changes: ChangesCanary{CanaryPerson: person}}}
		var f faults
		checked.checkChangesCanary(&f)
		if got := strings.Contains(fmt.Sprint(f), "works alone"); got != c.refused {
			t.Errorf("%s: %v", name, f)
		}
	}
}
