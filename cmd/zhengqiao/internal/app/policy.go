package app

import (
	"errors"
	"fmt"
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
	if err := policyFolder(c.Policies.Dir); err != nil {
		return nil, c.At("$.policies.dir", err)
	}
	engine, err := policies.New(policyFiles(c), policies.Options{NewHash: smcrypto.NewSM3, Timeout: c.Limits.Decision})
	return engine, c.At("$.policies.dir", err)
}

// policyFolder says what the compiler would say in terms of rules that are missing.
func policyFolder(dir string) error {
	if dir == "" {
		return nil
	}
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("folder %s not found", dir)
	}
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", dir)
	}
	if err != nil {
		return err
	}
	if rules, err := fs.Glob(os.DirFS(dir), "*.rego"); err != nil || len(rules) == 0 {
		return fmt.Errorf("folder %s holds no policies (*.rego)", dir)
	}
	return nil
}
