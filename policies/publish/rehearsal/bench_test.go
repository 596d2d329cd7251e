//go:build linux && !race

package rehearsal_test

import (
	"os"
	"testing"

	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// BenchmarkRehearse is a whole trial run of policies as the shipped ones, with check, all tests and comparison.
func BenchmarkRehearse(b *testing.B) {
	before, after := shippedFiles(b, "", "", ""), shippedFiles(b, "data/limits.yaml", "limits:", "limits: # another revision")
	stage := rehearsal.NewStage(os.Args[0], rehearsal.DefaultLimits(), nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stage.Rehearse(b.Context(), before, after); err != nil {
			b.Fatal(publish.CodeOf(err), err)
		}
	}
}
