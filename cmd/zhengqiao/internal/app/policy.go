package app

import (
	"io/fs"
	"os"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
)

// policyFiles gives the configured folder, or the policies inside the program.
func policyFiles(c *config.Config) fs.FS {
	if c.Policies.Dir == "" {
		return policies.Embedded()
	}
	return os.DirFS(c.Policies.Dir)
}

func openPolicies(c *config.Config) (*policies.Engine, error) {
	return policies.New(policyFiles(c), policies.Options{NewHash: smcrypto.NewSM3, Timeout: c.Limits.Decision})
}
