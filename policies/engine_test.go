package policies_test

import (
	"testing"

	"github.com/zhengqiao/zhengqiao/policies"
)

func TestSmoke(t *testing.T) {
	t.Parallel()
	d, err := newEngine(t, policies.Embedded()).Decide(t.Context(), ownQuery())
	t.Logf("%+v %v", d, err)
}
