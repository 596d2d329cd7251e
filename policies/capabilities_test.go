package policies_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/zhengqiao/zhengqiao/policies"
)

// capabilitiesFile tells linters of Rego which functions a policy may call. UPDATE=1 writes it anew.
const capabilitiesFile = "capabilities.json"

func TestCapabilitiesFileIsWhatTheEngineAllows(t *testing.T) {
	t.Parallel()
	want, err := json.MarshalIndent(policies.Capabilities(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(capabilitiesFile, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(capabilitiesFile)
	if err != nil || string(got) != string(want) {
		t.Errorf("%s is not what the engine allows (%v); write it anew with UPDATE=1", capabilitiesFile, err)
	}
}
