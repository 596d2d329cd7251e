package journal

import "testing"

// TestElectionsAreHastened notices an engine whose variables have moved: then the times would silently be its own.
func TestElectionsAreHastened(t *testing.T) {
	t.Parallel()
	if !hasten() || engineElectionMin != electionMin || engineElectionMax != electionMax || engineHeartbeat != heartbeat {
		t.Errorf("elections of the engine take %s to %s at a heartbeat of %s", engineElectionMin, engineElectionMax, engineHeartbeat)
	}
}
