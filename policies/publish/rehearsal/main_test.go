package rehearsal_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// TestMain makes the test binary the child when a stage starts it as one, so that the bounds are those of a real process.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == rehearsal.Argument {
		os.Exit(rehearsal.Child(os.Stdin, os.Stdout, smcrypto.NewSM3))
	}
	goleak.VerifyTestMain(m)
}
