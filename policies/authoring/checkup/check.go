package checkup

import (
	"context"
	"hash"
	"io/fs"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
)

// Check checks a policy folder. What comes later is only looked at if what it rests on is in order: files, then data, then rules. No
// finding means that the engine loads these policies.
func Check(ctx context.Context, fsys fs.FS, newHash func() hash.Hash) []Finding {
	opened, err := folder.Open(fsys, newHash)
	if err != nil {
		return sorted(fromError(err))
	}
	if findings := checkData(opened.Draft); len(findings) > 0 {
		return sorted(findings)
	}
	findings := append(checkRules(opened), checkCodes(opened.Draft)...)
	if len(findings) > 0 {
		return sorted(findings)
	}
	if _, err := opened.Draft.Build(ctx, policies.Options{NewHash: newHash}); err != nil {
		return sorted(fromError(err))
	}
	return nil
}
