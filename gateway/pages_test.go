package gateway_test

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/specs"
)

// fetch gets a document as anybody can, unsigned.
func (r *rig) fetch(t tb, path, language string) response {
	t.Helper()
	request := must(http.NewRequest(http.MethodGet, r.server.URL+path, nil))(t)
	request.Header.Set("Accept-Language", language)
	return r.send(t, request)
}

func TestContractIsServedAsItStands(t *testing.T) {
	t.Parallel()
	got := newRig(t).fetch(t, "/openapi.yaml", "")
	if got.status != 200 || !bytes.Equal(got.body, specs.OpenAPI()) || got.header.Get("Content-Type") != "application/yaml" {
		t.Errorf("status %d, %d bytes of %s", got.status, len(got.body), got.header.Get("Content-Type"))
	}
}

// The page shows the whole contract in one language, and loads nothing from anywhere.
func TestDocumentsAreWholeAndSelfContained(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	outside := regexp.MustCompile(`(?i)(src|href|action)\s*=\s*"?(https?:|//)|<script|@import|url\(`)
	for language, words := range map[string][]string{
		"en": {`lang="en"`, "Query a driving licence", "The source answered that it has no such record."},
		"zh": {`lang="zh-CN"`, "查询驾驶证", "来源已答复：没有符合条件的记录。"},
	} {
		got := r.fetch(t, "/docs", language)
		page := string(got.body)
		for _, want := range append(words, "/v1/violations/picture", `id="LicenceRequest"`, "record-not-archived", "openssl dgst -sm3 -sign") {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %s", language, want)
			}
		}
		if found := outside.FindString(page); found != "" {
			t.Errorf("%s: the page refers outside: %s", language, found)
		}
		if policy := got.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'unsafe-inline'") {
			t.Errorf("%s: policy %s", language, policy)
		}
	}
}

// A problem's type can be followed: it is the address of its page.
func TestEachProblemTypeHasItsPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for code, entry := range must(specs.Problems())(t) {
		for language, text := range map[string]specs.ProblemText{"zh": entry.ZH, "en": entry.EN} {
			got := r.fetch(t, "/problems/"+code, language)
			if got.status != 200 || !strings.Contains(string(got.body), text.Title) && !strings.Contains(string(got.body), "&#39;") {
				t.Errorf("%s in %s: status %d", code, language, got.status)
			}
		}
	}
	if p := r.fetch(t, "/problems/made-up", "en").problem(t); p.Code != "not-found" {
		t.Errorf("a made-up code: %s", p.Code)
	}
}

// The example call in the documents is run as it stands there, but for its addresses: what it shows must work with openssl and
// curl alone.
func TestExampleCallWorks(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "openssl", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here", tool)
		}
	}
	r := newRig(t)
	r.clock.turn(time.Since(testNow())) // openssl and date know no other clock
	folder := t.TempDir()
	key := must(r.keys["suishenban"].MarshalPEM())(t)
	script := string(must(os.ReadFile("page/call.sh"))(t))
	host := strings.TrimPrefix(r.server.URL, "http://")
	script = strings.ReplaceAll(script, "127.0.0.1:8080", host)
	for name, content := range map[string][]byte{
		"suishenban.key.pem": key, "request.json": testdata(t, "licence.json"), "call.sh": []byte(script),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "bash", "-eu", "call.sh")
	command.Dir = folder
	output, err := command.CombinedOutput()
	if err != nil || !bytes.Contains(output, []byte(`"licence":{`)) || !bytes.Contains(output, []byte(`"receipt":{`)) {
		t.Fatalf("%v: %s", err, output)
	}
}
