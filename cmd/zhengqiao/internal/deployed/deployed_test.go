package deployed_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const deploy = "../../../../deploy/"

// object is any YAML mapping.
type object = map[string]any

// at walks down by keys and list places.
func at(t *testing.T, from any, path ...any) any {
	t.Helper()
	for i, step := range path {
		switch key := step.(type) {
		case string:
			inner, is := from.(object)
			if !is || inner[key] == nil {
				t.Fatalf("there is no %v", path[:i+1])
			}
			from = inner[key]
		case int:
			inner, is := from.([]any)
			if !is || len(inner) <= key {
				t.Fatalf("there is no %v", path[:i+1])
			}
			from = inner[key]
		}
	}
	return from
}

func read(t *testing.T, path string) (value object) {
	t.Helper()
	text, err := os.ReadFile(deploy + path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &value); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return value
}

// checkVariables finds settings that the program would refuse.
func checkVariables(t *testing.T, names []string) {
	t.Helper()
	known, err := config.Variables()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, name := range names {
		if strings.HasPrefix(name, config.Prefix) {
			count++
			if !slices.Contains(known, name) {
				t.Errorf("no setting is called %s", name)
			}
		}
	}
	if count < 3 {
		t.Errorf("only %d settings: %v", count, names)
	}
}

func TestComposeHasThreeSafeNodes(t *testing.T) {
	t.Parallel()
	file := read(t, "compose/compose.yaml")
	shared := at(t, file, "x-gateway").(object)
	if shared["read_only"] != true || shared["user"] != "65532:65532" || at(t, shared, "cap_drop", 0) != "ALL" {
		t.Errorf("a node may write, is root or has capabilities: %v", shared)
	}
	var names []string
	for name := range at(t, shared, "environment").(object) {
		names = append(names, name)
	}
	checkVariables(t, names)
	volumes := map[any]bool{}
	for _, node := range []string{"a", "b", "c"} {
		service := at(t, file, "services", "gateway-"+node).(object)
		if service["read_only"] != true { // by the merge
			t.Errorf("gateway-%s is no copy of the shared part", node)
		}
		volumes[at(t, service, "volumes", 1)] = true
		for _, port := range at(t, service, "ports").([]any) {
			if !strings.HasPrefix(port.(string), "127.0.0.1:") {
				t.Errorf("gateway-%s is open to all by %v", node, port)
			}
		}
	}
	if len(volumes) != 3 || at(t, file, "networks", "journal", "internal") != true {
		t.Errorf("the nodes share a volume, or the journal's network is open: %v", volumes)
	}
}

// rendered gives what kustomize makes of the example, by kind and name. Without kubectl the files of the base must do.
func rendered(t *testing.T) map[string]object {
	t.Helper()
	var text []byte
	if kubectl, err := exec.LookPath("kubectl"); err == nil {
		if text, err = exec.CommandContext(t.Context(), kubectl, "kustomize", deploy+"kubernetes/overlays/example").Output(); err != nil {
			t.Fatalf("kubectl kustomize: %v", err)
		}
	} else {
		files, err := filepath.Glob(deploy + "kubernetes/base/[!k]*.yaml")
		if err != nil || len(files) < 5 {
			t.Fatalf("the base has only %v: %v", files, err)
		}
		for _, file := range files {
			part, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text = append(append(text, "\n---\n"...), part...)
		}
	}
	all := map[string]object{}
	for part := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var value object
		if err := yaml.Unmarshal(part, &value); err != nil {
			t.Fatalf("%v in %s", err, part)
		}
		if value != nil {
			all[value["kind"].(string)+"/"+at(t, value, "metadata", "name").(string)] = value
		}
	}
	return all
}

func TestKubernetesPodsAreSafe(t *testing.T) {
	t.Parallel()
	all := rendered(t)
	set := all["StatefulSet/zhengqiao"]
	pod := at(t, set, "spec", "template", "spec")
	if at(t, pod, "securityContext", "runAsNonRoot") != true || at(t, pod, "enableServiceLinks") != false || at(t, pod, "automountServiceAccountToken") != false {
		t.Error("a pod may be root, or gets what it has no use for")
	}
	for _, kind := range []string{"initContainers", "containers"} {
		for _, container := range at(t, pod, kind).([]any) {
			if at(t, container, "securityContext", "readOnlyRootFilesystem") != true || at(t, container, "securityContext", "allowPrivilegeEscalation") != false ||
				at(t, container, "securityContext", "capabilities", "drop", 0) != "ALL" {
				t.Errorf("%v may write, or become more", at(t, container, "name"))
			}
			at(t, container, "resources", "requests", "cpu")
			at(t, container, "resources", "limits", "memory")
		}
	}
	gateway := at(t, pod, "containers", 0)
	for probe, path := range map[string]string{"livenessProbe": "/healthz", "readinessProbe": "/readyz", "startupProbe": "/healthz"} {
		if got := at(t, gateway, probe, "httpGet", "path"); got != path {
			t.Errorf("%s asks %v", probe, got)
		}
	}
	at(t, pod, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution", 0, "topologyKey")
	if grace := at(t, pod, "terminationGracePeriodSeconds"); grace.(uint64) <= 10 {
		t.Errorf("a pod is killed after %v s, a stop takes 10", grace)
	}
	if least := at(t, all["PodDisruptionBudget/zhengqiao"], "spec", "minAvailable"); least != uint64(2) || at(t, set, "spec", "replicas") != uint64(3) {
		t.Errorf("%v of three must stay", least)
	}
	network := at(t, all["NetworkPolicy/zhengqiao"], "spec")
	if len(at(t, network, "policyTypes").([]any)) != 2 || len(at(t, network, "ingress").([]any)) != 3 {
		t.Error("the network is open in a direction")
	}
}

// TestKubernetesConfigurationIsTaken loads the example as the first pod would.
func TestKubernetesConfigurationIsTaken(t *testing.T) {
	t.Parallel()
	pod := at(t, rendered(t)["StatefulSet/zhengqiao"], "spec", "template", "spec", "containers", 0)
	var environ, names []string
	for _, variable := range at(t, pod, "env").([]any) {
		name := at(t, variable, "name").(string)
		names = append(names, name)
		if value, is := variable.(object)["value"].(string); is {
			environ = append(environ, name+"="+strings.ReplaceAll(value, "$(POD_NAME)", "zhengqiao-0"))
		}
	}
	checkVariables(t, names)
	c, err := config.Load(deploy+"kubernetes/overlays/example/zhengqiao.yaml", environ)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Journal.Clustered() || c.Journal.Node() != "zhengqiao-0" || len(c.Journal.Cluster.Routes) != 3 {
		t.Errorf("the pod is no node of three: %+v", c.Journal.Cluster)
	}
}

// TestSystemdUnit lets systemd check the unit, where it is installed; the program is stood in for by one that is there.
func TestSystemdUnit(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(deploy + "systemd/zhengqiao.service")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "TimeoutStopSec=15", "StateDirectory=zhengqiao", "Restart=on-failure"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the unit lacks %s", want)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd is not installed")
	}
	unit := filepath.Join(t.TempDir(), "zhengqiao.service")
	text = bytes.ReplaceAll(text, []byte("/usr/local/bin/zhengqiao"), []byte("/bin/true"))
	if err := os.WriteFile(unit, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", unit).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}
