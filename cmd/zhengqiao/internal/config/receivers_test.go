package config_test

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// TestParallelIsBounded: from 1 notice under way to 64, and 0 for the default.
func TestParallelIsBounded(t *testing.T) {
	t.Parallel()
	for parallel, fits := range map[string]bool{"-1": false, "0": true, "1": true, "64": true, "65": false} {
		text := synchronised + "receivers: [{id: a, kind: x, region: \"310000\", parallel: " + parallel + "}]\n"
		_, err := config.Load(write(t, text), nil)
		if refused := err != nil && strings.Contains(err.Error(), "receivers[0].parallel: want 1 to 64"); refused == fits {
			t.Errorf("%s: %v", parallel, err)
		}
	}
}
