package adaptertest

import (
	"sync"
	"testing"
)

// callers is how many ask at once; a source must allow that many.
const callers = 32

func exerciseSecret(t *testing.T, harness Harness, question Question) {
	renewals := map[string]func(*trial){
		"secret ends":         func(c *trial) { c.clock.advance(harness.Secret.Life) },
		"secret is forgotten": func(c *trial) { c.breaks(ForgetSecrets, 1, 0) },
	}
	for name, renewal := range renewals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if harness.Secret == nil {
				t.Skip("the platform hands out no secret that ends")
			}
			c := begin(t, harness, RightCredential, question)
			c.askByMany(1)
			renewal(c)
			before := c.platform.Calls()[harness.Secret.Refresh]
			c.askByMany(callers)
			if refreshes := c.platform.Calls()[harness.Secret.Refresh] - before; refreshes != 1 {
				t.Errorf("%d callers at once led to %d refreshes, want 1", callers, refreshes)
			}
		})
	}
}

// askByMany asks from so many goroutines; all must get their answer.
func (c *trial) askByMany(many int) {
	var group sync.WaitGroup
	for range many {
		group.Go(func() {
			if _, _, err := c.ask(c.t.Context(), c.question.Request); err != nil {
				c.t.Errorf("one of %d callers got %v", many, err)
			}
		})
	}
	group.Wait()
}
