package app

import (
	"strings"
	"testing"
)

// Who works here is nobody's business whom a bundle is sent to; what a platform is called and how often it is asked is.
func TestTheBundleNamesNoPerson(t *testing.T) {
	t.Parallel()
	text, err := maskedConfig([]byte(`
console:
  people:
    - {id: zhang-wei, subject: 3f0b-zhang, roles: [viewer], keys: file:keys/people.pem}
policies:
  authors: [{id: li-na, public: file:keys/li.pem}]
  approvers:
    - {id: wang-fang, every: 5m}
operators:
  - {id: zhao-lei, keys: [{id: k1}]}
contact: duty@example.gov.cn
sources:
  - {id: tmri, kind: tmri, every: 10s}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"zhang", "li-na", "wang-fang", "zhao-lei", "duty@"} {
		if strings.Contains(string(text), name) {
			t.Errorf("it holds %q:\n%s", name, text)
		}
	}
	for _, kept := range []string{"id: tmri", "every: 10s", "every: 5m", "file:keys/people.pem", "viewer"} {
		if !strings.Contains(string(text), kept) {
			t.Errorf("it lacks %q:\n%s", kept, text)
		}
	}
}
