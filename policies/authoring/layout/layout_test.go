package layout_test

import (
	"bytes"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/layout"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Tests here are not parallel, because the formatter is for one goroutine at a time (see the package comment of layout).

func TestShippedPoliciesAreTidy(t *testing.T) {
	untidy, err := layout.Untidy(authoringtest.Shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	for path := range untidy {
		t.Errorf("%s is not laid out as policy fmt would", path)
	}
}

func TestUntidy(t *testing.T) {
	files := authoringtest.Add(authoringtest.Shipped(t), "zz.rego", "package zhengqiao.zz\nok if {input.vehicles<=1\n}\n")
	untidy, err := layout.Untidy(files)
	if err != nil || len(untidy) != 1 {
		t.Fatalf("untidy: %d files, error %v", len(untidy), err)
	}
	if !strings.Contains(string(untidy["zz.rego"]), "\n\nok if input.vehicles <= 1\n") {
		t.Errorf("laid out as %s", untidy["zz.rego"])
	}
	again, err := layout.Tidy("zz.rego", untidy["zz.rego"])
	if err != nil || !bytes.Equal(again, untidy["zz.rego"]) {
		t.Errorf("laid out again it is %s, error %v", again, err)
	}
	if _, err := layout.Untidy(authoringtest.Add(files, "yy.rego", "package a\nok if {")); err == nil || !strings.Contains(err.Error(), "yy.rego:2") {
		t.Errorf("error %v names no place", err)
	}
}
