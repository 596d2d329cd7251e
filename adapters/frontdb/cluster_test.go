package frontdb

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/internal/pgtest"
)

// server is the PostgreSQL of all tests.
var server pgtest.Server

func TestMain(m *testing.M) {
	status := m.Run()
	server.Stop()
	if err := goleak.Find(); err != nil && status == 0 {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}
