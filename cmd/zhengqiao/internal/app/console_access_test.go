package app

import (
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// TestLocalAnswersToThisMachineAlone: no address that anybody configured lets another name in where nobody is proved.
func TestLocalAnswersToThisMachineAlone(t *testing.T) {
	t.Parallel()
	a := &App{config: &config.Config{Console: config.Console{Mode: config.ConsoleLocal}}}
	settings := console.Config{Host: func(string) bool { return true }}
	if err := a.consoleAccess(t.Context(), &settings); err != nil {
		t.Fatal(err)
	}
	if settings.Host("console.example.cn") || !settings.Host("127.0.0.1:9091") {
		t.Error("another host is answered")
	}
}
