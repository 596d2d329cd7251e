//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

// asker asks one node of a cluster for a licence again and again, and holds every answer to the policies that it names.
type asker struct {
	*client.Client
	question []byte
	revision string // by which the field is hidden, and by no other
	answered int
}

func newAsker(t *testing.T, path, url, revision string) *asker {
	t.Helper()
	settings, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := identity(settings, "suishenban-1", keyFile("suishenban"), publicFile)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	wanted.BaseURL, wanted.HTTP = url, &http.Client{Transport: transport}
	opened, err := client.New(wanted)
	if err != nil {
		t.Fatal(err)
	}
	question, err := os.ReadFile(filepath.Join(filepath.Dir(path), "questions", "normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	return &asker{Client: opened, question: question, revision: revision}
}

// ask wants an answer, and that what it shows is what its revision says.
func (a *asker) ask(ctx context.Context) (switched bool, err error) {
	reply, err := a.Call(ctx, "/v1/licences/query", a.question)
	if err != nil {
		return false, err
	}
	var answer struct {
		Licence  map[string]json.RawMessage
		Decision struct{ Revision string }
	}
	if err := json.Unmarshal(reply.Body, &answer); err != nil || !reply.OK() || len(answer.Licence) == 0 {
		return false, fmt.Errorf("status %d, %v: %s", reply.Status, err, reply.Body)
	}
	a.answered++
	switched = answer.Decision.Revision == a.revision
	if _, shown := answer.Licence["cardNumber"]; shown == switched {
		return false, fmt.Errorf("by revision %s the field is shown: %t", answer.Decision.Revision, shown)
	}
	return switched, nil
}

// until asks until the node decides by the revision, or by another one, and a while longer. Any failure is its answer.
func (a *asker) until(ctx context.Context, wanted bool) error {
	for after := 0; after < 20; {
		switched, err := a.ask(ctx)
		switch {
		case err != nil:
			return err
		case switched == wanted:
			after++
		case after > 0:
			return fmt.Errorf("it went back after %d answers", after)
		}
	}
	return nil
}

// TestClusterSwitchesTogether publishes to one of three nodes while all of them are asked: each switches, no request fails, no answer mixes
// two revisions. A step back while one node is down is in force there when it starts.
func TestClusterSwitchesTogether(t *testing.T) {
	t.Parallel()
	policies := fewPolicies(t)
	dir, single := signedWorld(t, "  dir: "+policies+"\n")
	fewPartitions(t, single)
	bundle, revision := hidingBundle(t, dir, policies)
	configs := clusterConfigs(t, single)
	gateways, urls := serveAll(t, configs)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	talk := func(who, command string, more ...string) string {
		return says(t, "", 0, "in force", append([]string{command, "--as", who, "--key", filepath.Join(dir, "keys", who+".key.pem"), "--config", configs[0]}, more...)...)
	}
	var askers []*asker
	done := make(chan error, len(urls))
	for i, url := range urls {
		one := newAsker(t, configs[i], url, revision)
		if switched, err := one.ask(ctx); err != nil || switched {
			t.Fatalf("node %d: %v", i, err)
		}
		askers = append(askers, one)
		go func() { done <- one.until(ctx, true) }()
	}
	talk("li.wei", "publish", bundle)
	for range urls {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for i, one := range askers {
		t.Logf("node %d answered %d", i, one.answered)
	}
	stopNode(t, gateways[2])
	talk("wang.fang", "rollback", "--reason", "back")
	for _, one := range askers[:2] {
		if err := one.until(ctx, false); err != nil {
			t.Error(err)
		}
	}
	again := startServe(t, configs[2])
	var serving struct{ URL, Ops string }
	again.await(t, `"serving"`, &serving)
	if err := demo.AwaitReady(t.Context(), serving.Ops); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, again.output) }()
	if switched, err := newAsker(t, configs[2], serving.URL, revision).ask(ctx); err != nil || switched {
		t.Errorf("the node that was down decides by what was taken back: %t, %v", switched, err)
	}
	for _, gateway := range []*served{gateways[0], gateways[1], again} {
		stopNode(t, gateway)
	}
}

// hidingBundle packs the policies with one field less for one purpose, approved.
func hidingBundle(t *testing.T, dir, policies string) (bundle, revision string) {
	t.Helper()
	changed := filepath.Join(t.TempDir(), "changed")
	if err := os.CopyFS(changed, os.DirFS(policies)); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(changed, "data", "purposes.yaml"), "fileNumber, cardNumber, classes, formerClasses, status, mayDrive, points,\n      cycleEnd, overLimitOn, studyNoticeOn, firstIssued, firstIssuer, issuedOn, issuer, validFrom, validUntil, longTerm, validity,\n      nextInspection, inspectedUntil, replacements, probation, address, phone, updatedAt, violationId",
		"fileNumber, classes, formerClasses, status, mayDrive, points,\n      cycleEnd, overLimitOn, studyNoticeOn, firstIssued, firstIssuer, issuedOn, issuer, validFrom, validUntil, longTerm, validity,\n      nextInspection, inspectedUntil, replacements, probation, address, phone, updatedAt, violationId")
	edit(t, filepath.Join(changed, "cases", "fields.yaml"), ", cardNumber: thirds", "")
	bundle = filepath.Join(dir, "policies.bundle")
	sign := func(who string, more ...string) []string {
		return append(more, "--as", who, "--key", filepath.Join(dir, "keys", who+".key.pem"), "--base", policies)
	}
	revision = word(says(t, "", 0, "draft", sign("li.wei", "pack", changed, "--note", "less", "--out", bundle)...), "revision")
	says(t, "", 0, "wang.fang", sign("wang.fang", "approve", bundle)...)
	return bundle, revision
}

// stopNode ends a node of a cluster, whose output somebody reads already.
func stopNode(t *testing.T, g *served) {
	t.Helper()
	if err := g.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := g.command.Wait(); err != nil {
		t.Errorf("a gateway did not end well: %v", err)
	}
}
