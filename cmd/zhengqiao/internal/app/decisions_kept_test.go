package app

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

// TestPoliciesNotKeptAreLoggedOnce: at each other failure, and anew when it comes back.
func TestPoliciesNotKeptAreLoggedOnce(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	d := &decisions{logger: slog.New(slog.NewTextHandler(&out, nil))}
	full, closed := errors.New("disk full"), errors.New("journal closed")
	for _, err := range []error{nil, full, full, closed, closed, full, nil, nil, full} {
		d.tellKept(err)
	}
	if all, ofDisk := strings.Count(out.String(), "could not be kept"), strings.Count(out.String(), full.Error()); all != 4 || ofDisk != 3 {
		t.Errorf("%d lines, %d of the disk:\n%s", all, ofDisk, out.String())
	}
}
