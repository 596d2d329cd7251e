package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

func TestAttendAnswersWords(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := attend(strings.NewReader("begin\nend\nend\n"), &out, hello{URL: "http://127.0.0.1:1"}, ""); err != nil {
		t.Fatal(err)
	}
	answers := json.NewDecoder(&out)
	var first hello
	if err := answers.Decode(&first); err != nil || first.URL != "http://127.0.0.1:1" {
		t.Fatalf("%+v, %v", first, err)
	}
	var before usage
	for i := range 3 {
		var now usage
		if err := answers.Decode(&now); err != nil || now.CPUMicros < before.CPUMicros || now.PeakBytes < 1<<20 {
			t.Errorf("answer %d: %+v after %+v, %v", i, now, before, err)
		}
		before = now
	}
}

func TestAttendEndsOnWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	if err := attend(strings.NewReader("stop\n"), io.Discard, hello{}, ""); err == nil || !strings.Contains(err.Error(), `"stop"`) {
		t.Errorf("got %v", err)
	}
	if err := attend(strings.NewReader("begin\n"), io.Discard, hello{}, filepath.Join(t.TempDir(), "no", "folder")); err == nil {
		t.Error("a profile that can't be written is no error")
	}
	if err := attend(strings.NewReader(""), failing{}, hello{}, ""); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a parent that is gone: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
