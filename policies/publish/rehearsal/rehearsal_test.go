//go:build linux && !race

package rehearsal_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

func shippedFiles(t testing.TB, path, old, replacement string) publish.Files {
	t.Helper()
	files := authoringtest.Shipped(t)
	if path != "" {
		authoringtest.Edit(t, files, path, old, replacement)
	}
	all, err := publish.FromFolder(files)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestShippedPolicies: the shipped policies, with all their tests, fit into the default bounds with room to spare, and a fault in them is
// named as the author's tools name it.
func TestShippedPolicies(t *testing.T) {
	t.Parallel()
	before := shippedFiles(t, "", "", "")
	stage := rehearsal.NewStage(os.Args[0], rehearsal.DefaultLimits(), nil)
	const fields = "fields: [name, status,"
	after := shippedFiles(t, "data/platforms.yaml", fields, "fields: [name, phone, status,")
	verdict, err := stage.Rehearse(t.Context(), before, after)
	if publish.CodeOf(err) != publish.NotInOrder || !strings.Contains(err.Error(), "matrix/thirdparty-mini.yaml") {
		t.Errorf("verdict %+v, error %v", verdict, err)
	}
	verdict, err = stage.Rehearse(t.Context(), before, before)
	if err != nil || verdict.Widens || verdict.Platforms == nil || verdict.Tests < 150 || verdict.Coverage < 99 {
		t.Errorf("the same again: verdict %+v, error %v", verdict, err)
	}
}

// TestStageIsWary: without a task, without recorded inputs, without time there is no verdict.
func TestStageIsWary(t *testing.T) {
	t.Parallel()
	files := withBomb(t, bomb{})
	unread := errors.New("records can't be read")
	stage := rehearsal.NewStage(os.Args[0], small(), func(context.Context) ([]impact.Input, error) { return nil, unread })
	if _, err := stage.Rehearse(t.Context(), files, files); !errors.Is(err, unread) {
		t.Errorf("inputs: %v", err)
	}
	stage = rehearsal.NewStage("/bin/true", small(), nil)
	if _, err := stage.Rehearse(t.Context(), files, files); publish.CodeOf(err) != publish.Exhausted {
		t.Errorf("a child that says nothing: %v", err)
	}
	stage = rehearsal.NewStage("/does/not/exist", small(), nil)
	if _, err := stage.Rehearse(t.Context(), files, files); publish.CodeOf(err) != publish.Exhausted {
		t.Errorf("no child: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := rehearsal.NewStage(os.Args[0], small(), nil).Rehearse(ended, files, files); err == nil {
		t.Error("a verdict though nobody waits")
	}
	var out strings.Builder
	if code := rehearsal.Child(strings.NewReader("{"), &out, smcrypto.NewSM3); code == 0 || out.Len() > 0 {
		t.Errorf("a task that can't be read: code %d, %s", code, out.String())
	}
}

// TestAChildSaysWhyItGaveUp: a process that can't be bounded and one whose time is over say so, and not that the policies are at fault.
func TestAChildSaysWhyItGaveUp(t *testing.T) {
	t.Parallel()
	files := withBomb(t, bomb{})
	late := small()
	late.Wall = time.Nanosecond
	if _, err := rehearsal.NewStage(os.Args[0], late, nil).Rehearse(t.Context(), files, files); publish.CodeOf(err) != publish.Exhausted || !strings.Contains(err.Error(), "by the clock") {
		t.Errorf("out of time: %v", err)
	}
	for name, given := range map[string]struct {
		says string
		code publish.Code
		why  string
	}{
		"unbounded": {`{"ended":"unbounded","why":"no such limit"}`, publish.Unbounded, "no such limit"},
		"chatter":   {"hello\n" + strings.Repeat("x", 300<<10), publish.Exhausted, "no answer"},
	} {
		program := filepath.Join(t.TempDir(), "child")
		if err := os.WriteFile(program, []byte("#!/bin/sh\ncat >/dev/null\ncat <<'END'\n"+given.says+"\nEND\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := rehearsal.NewStage(program, small(), nil).Rehearse(t.Context(), files, files)
		if publish.CodeOf(err) != given.code || !strings.Contains(err.Error(), given.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
