package app_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/certtest"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// The synchronisation of changes begins with a start. A reload that would need it for pushes is refused, and the gateway goes on.
func TestReloadBeginsNoSynchronisation(t *testing.T) {
	t.Parallel()
	var whole string
	s := newReloadStage(t, func(_, text string) string {
		whole = text
		return regexp.MustCompile(`(?s)\nchanges:\n.*?\nlimits:`).ReplaceAllLiteralString(text, "\nlimits:")
	})
	s.write(t, whole)
	if _, err := s.Reload(); err == nil || !regexp.MustCompile(`line \d+: pushes: .*restart`).MatchString(err.Error()) {
		t.Errorf("the first pushes: %v", err)
	}
	answers(t, s.caller(t, "suishenban-1", "suishenban.key.pem"), 200)
}

// HTTPS stays HTTPS until a restart, also for connections that come after a reload of a file without it.
func TestReloadWithoutTLSKeepsTheCertificate(t *testing.T) {
	t.Parallel()
	authority, plain := certtest.New(t), ""
	s := newReloadStage(t, func(dir, text string) string {
		authority.Issue(t, filepath.Join(dir, "tls.pem"), filepath.Join(dir, "tls.key"))
		plain = text
		return text + "\ntls: {certificate: tls.pem, key: tls.key}\n"
	})
	for range 2 { // the second finds the first one's generation
		s.reload(t, plain)
		handshake(t, s, authority).Close()
		if _, text := get(t, s.OpsURL()+"/metrics"); !strings.Contains(text, "zhengqiao_restart_needed 1") {
			t.Error("the metrics forget what waits for a restart")
		}
	}
	s.write(t, s.text)
	if changes, err := s.Reload(); err != nil {
		t.Errorf("back: %v, %v", changes, err)
	}
	if _, text := get(t, s.OpsURL()+"/metrics"); !strings.Contains(text, "zhengqiao_restart_needed 0") {
		t.Error("the metrics tell of a restart that nothing waits for")
	}
}

// A file that trips a reload ends no process.
func TestReloadSurvivesAPanic(t *testing.T) {
	t.Parallel()
	changes, err := app.Guarded(func() ([]config.Change, error) { panic("s3cret") })
	if err == nil || !strings.Contains(err.Error(), "panic with a string") || strings.Contains(err.Error(), "s3cret") || changes != nil {
		t.Errorf("%v, %v", changes, err)
	}
}
