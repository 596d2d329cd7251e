//go:build linux && !race

package app_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var formToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// TestPlayground: a real gateway's own console tries a change out in a bounded process, and what is in force stays.
func TestPlayground(t *testing.T) {
	t.Parallel()
	address := withConsole(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	_, policies := get(t, address+"/policies")
	page := fetch(t, client, http.MethodGet, address+"/playground", nil)
	found := formToken.FindStringSubmatch(page)
	if found == nil || !strings.Contains(page, "suishenban · self-query") {
		t.Fatal("no form, or no examples")
	}
	form := url.Values{"token": {found[1]}, "editing": {"region.rego"}, "do": {"try"}, "example": {"granted-0"}}
	form.Set("input", `{"now": 1}`)
	form.Set("text", "package zhengqiao.region\n\nx if {")
	if got := fetch(t, client, http.MethodPost, address+"/playground/try", form); !strings.Contains(got, "region.rego:") {
		t.Errorf("a mistake: %s", got)
	}
	form.Set("text", "package zhengqiao.region\n\nx := 1")
	if got := fetch(t, client, http.MethodPost, address+"/playground/try", form); strings.Contains(got, "verdict") {
		t.Errorf("a file that others need: %s", got)
	}
	if _, now := get(t, address+"/policies"); revisionOf(policies) == "" || revisionOf(now) != revisionOf(policies) {
		t.Error("something came into force")
	}
}

func revisionOf(page string) string {
	_, rest, _ := strings.Cut(page, `id="revision">`)
	revision, _, _ := strings.Cut(rest, "<")
	return revision
}

func fetch(t *testing.T, client *http.Client, method, address string, form url.Values) string {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v %s", address, answer.StatusCode, err, text)
	}
	return string(text)
}
