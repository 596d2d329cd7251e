package journal

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestEngineLinesGoToTheLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	var fatal error
	l := &engineLogger{logger: slog.New(slog.NewTextHandler(&out, nil)), fatal: func(err error) { fatal = err }}
	l.Noticef("start %d", 1)
	l.Warnf("slow %s", "disk")
	l.Errorf("bad %s", "block")
	l.Fatalf("no %s", "store")
	if got := out.String(); strings.Count(got, "level=ERROR") != 2 || strings.Count(got, "level=WARN") != 1 ||
		strings.Contains(got, "start 1") {
		t.Errorf("logged:\n%s", got)
	}
	if fatal == nil || fatal.Error() != "no store" {
		t.Errorf("fatal line arrived as %v", fatal)
	}
}

func TestFatalLineIsKeptUntilSomeoneListens(t *testing.T) {
	t.Parallel()
	var f fatalOnce
	var got []string
	f.set(errors.New("first"))
	f.forward(func(err error) { got = append(got, err.Error()) })
	f.set(errors.New("second"))
	if strings.Join(got, " ") != "first second" || f.get().Error() != "first" {
		t.Errorf("heard %v", got)
	}
}
