//go:build linux

package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/certtest"
	"github.com/zhengqiao/zhengqiao/gateway/console/browser"
)

// desks are the browsers of three people, each with a client certificate of his own before a real gateway's console.
type desks struct {
	dir, config, ops           string
	author, approver, operator *browser.Tab
	address                    map[string]string // of each person's console
	gateway                    *served
}

// person is the certificate's name, which is his id in the console, and his role there.
func consolePeople() map[string]string {
	return map[string]string{"li.wei": "policyAuthor", "wang.fang": "approver", "chen.jing": "operator"}
}

func newDesks(t *testing.T) *desks {
	t.Helper()
	chromium, err := browser.Launch()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(chromium.Close)
	d := &desks{address: map[string]string{}}
	d.dir, d.config = signedWorld(t, "  dir: "+fewPolicies(t)+"\n")
	authority := certtest.New(t)
	d.addConsole(t, authority)
	d.gateway = startServe(t, d.config)
	var serving struct{ Ops, Console string }
	d.gateway.await(t, `"serving"`, &serving)
	d.ops = serving.Ops
	for name := range consolePeople() {
		d.address[name] = before(t, serving.Console, authority, filepath.Join(d.dir, name))
	}
	d.author = chromium.Open(t, d.address["li.wei"], "zh-CN")
	d.approver = chromium.Open(t, d.address["wang.fang"], "en")
	d.operator = chromium.Open(t, d.address["chen.jing"], "zh-CN")
	return d
}

func (d *desks) addConsole(t *testing.T, authority *certtest.Authority) {
	t.Helper()
	at := func(name string) string { return filepath.Join(d.dir, name) }
	if err := os.WriteFile(at("staff.pem"), authority.PEM, 0o600); err != nil {
		t.Fatal(err)
	}
	authority.Issue(t, at("console.pem"), at("console.key"))
	text := "\nconsole:\n  listen: 127.0.0.1:0\n  mode: mtls\n  tls: {certificate: console.pem, key: console.key, clientCAs: staff.pem}\n  people:\n"
	for name, role := range consolePeople() {
		authority.IssueTo(t, name, at(name+".pem"), at(name+".key"))
		text += "    - {id: " + name + ", subject: \"CN=" + name + "\", roles: [" + role + "]}\n"
	}
	appendTo(t, d.config, text)
}

// before puts a proxy with a person's certificate before the console, as a browser would use it.
func before(t *testing.T, address string, authority *certtest.Authority, person string) string {
	t.Helper()
	own, err := tls.LoadX509KeyPair(person+".pem", person+".key")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM)
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{own}, RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	proxy := &httputil.ReverseProxy{Transport: transport, FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if cause := recover(); cause != nil && cause != http.ErrAbortHandler { // a stream that ended
				panic(cause)
			}
		}()
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

// download saves what a link of a person's page leads to.
func (d *desks) download(t *testing.T, p *browser.Tab, person, link, to string) string {
	t.Helper()
	href := browser.Eval[string](p, "document.querySelector("+quoted(link)+").getAttribute('href')")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.address[person]+href, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	path := filepath.Join(d.dir, to)
	if err = errors.Join(err, os.WriteFile(path, content, 0o600)); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", href, answer.StatusCode, err)
	}
	return path
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text) // a text always encodes
	return string(encoded)
}

// shows asks the contract, as 随申办, and says whether the answer has the field.
func (d *desks) shows(t *testing.T, field string) bool {
	t.Helper()
	question, err := os.ReadFile(filepath.Join(d.dir, "questions", "normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	out, complaint, code := program(t, question, "call", "licence.query", "--config", d.config, "--as", "suishenban")
	var answer struct {
		Licence map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || code != 0 || len(answer.Licence) == 0 {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, complaint)
	}
	value, there := answer.Licence[field]
	return there && !bytes.Equal(value, []byte("null"))
}

// TestNovicePublishesOnTheConsole is the way of somebody who never published, on the pages: hide one field from one purpose, see tests fail
// and mend them, see what it changes, propose it, sign, have it approved by somebody else, have an operator publish it, and undo it. The
// private keys stay with the command line of each.
func TestNovicePublishesOnTheConsole(t *testing.T) {
	t.Parallel()
	d := newDesks(t)
	rules := browser.Axe(t)
	look := func(p *browser.Tab, name string) {
		p.Clean()
		if rules != "" {
			p.Accessible(name, rules)
		}
	}
	d.edits(t, look)
	id := d.proposes(t, look)
	d.isSigned(t, id, look)
	d.publishes(t, id, look)
	d.undoes(t, look)
	d.gateway.stop(t)
	records, complaint, code := program(t, nil, "records", "list", "--config", d.config, "--from", "0", "--count", "40")
	for _, want := range []string{"operators.policies.propose", "operators.policies.sign", "operators.policies.publish", "policies.publish", "operators.policies.rollback", "policies.rollback"} {
		if !strings.Contains(records, want) {
			t.Errorf("not on record: %s; exit %d, %s%s", want, code, records, complaint)
		}
	}
}

// edits hides the field in the playground, sees which test expects it, expects otherwise, and looks at the impact.
func (d *desks) edits(t *testing.T, look func(*browser.Tab, string)) {
	t.Helper()
	if !d.shows(t, "cardNumber") {
		t.Fatal("the field is hidden already")
	}
	p := d.author
	p.Visit("/playground")
	p.Replace("textarea[name=text]", "cardNumber, ", "")
	p.Click("button[value=keep]")
	p.ClickUntil("button[value=tests]", "document.querySelector('#tests')")
	if got := p.Text("#matrix"); !strings.Contains(got, "未通过") || !strings.Contains(got, "cases/fields.yaml:") || !strings.Contains(got, "cardNumber") {
		t.Fatalf("the tests say %s", got)
	}
	look(p, "failing tests")
	p.Visit("/playground?file=cases/fields.yaml")
	p.Replace("textarea[name=text]", ", cardNumber: thirds", "")
	p.Click("button[value=keep]")
	p.ClickUntil("button[value=tests]", "document.querySelector('#tests')?.textContent.includes('全部通过')")
	p.ClickUntil("button[value=impact]", "document.querySelector('#impact')")
	if got := p.Text("#matrix"); !strings.Contains(got, "没有平台看到更多") || !strings.Contains(got, "cardNumber") || !strings.Contains(got, "suishenban · self-query") {
		t.Fatalf("the impact says %s", got)
	}
	look(p, "impact")
}

// proposes makes a candidate of the draft and gives its address.
func (d *desks) proposes(t *testing.T, look func(*browser.Tab, string)) string {
	t.Helper()
	p := d.author
	p.Visit("/publishing")
	p.Fill("form[action='/publishing/propose'] textarea", "自查不再显示证芯编号")
	p.Click("form[action='/publishing/propose'] button")
	if got := p.Text("main"); !strings.Contains(got, "data/purposes.yaml") || !strings.Contains(got, "减少可见项") || !strings.Contains(got, "签名还不够") {
		t.Fatalf("the candidate: %s", got)
	}
	look(p, "candidate")
	return browser.Eval[string](p, "location.pathname")
}

// isSigned has the author sign, a false signature refused, and another person approve.
func (d *desks) isSigned(t *testing.T, candidate string, look func(*browser.Tab, string)) {
	t.Helper()
	base := d.download(t, d.author, "li.wei", "a[href='/publishing/base']", "in-force.bundle")
	draft := d.download(t, d.author, "li.wei", "a[href$='/bundle']", "draft.bundle")
	sign := func(command, who, bundle string) {
		says(t, "", 0, who, command, bundle, "--as", who, "--key", filepath.Join(d.dir, "keys", who+".key.pem"), "--base", base)
	}
	bring := func(p *browser.Tab, step, file string) {
		form := "form[action='" + candidate + step + "'] "
		p.Visit(candidate)
		p.Fill(form+"textarea", "已核对")
		p.Attach(form+"input[type=file]", file)
		p.Click(form + "button")
	}
	bring(d.author, "/author", draft)
	if got := d.author.Text(".problem"); !strings.Contains(got, "unsigned") {
		t.Errorf("a copy without a signature: %s", got)
	}
	d.author.Forgive()
	sign("sign", "li.wei", draft)
	bring(d.author, "/author", draft)
	d.author.Until("!!document.querySelector('#signed')")
	d.approver.Visit(candidate)
	look(d.approver, "candidate in English")
	approved := d.download(t, d.approver, "wang.fang", "a[href$='/bundle']", "approved.bundle")
	sign("approve", "wang.fang", approved)
	bring(d.approver, "/approval", approved)
	if got := d.approver.Text("main"); !strings.Contains(got, "approved wang.fang") || !strings.Contains(got, "by an operator") {
		t.Fatalf("after the approval: %s", got)
	}
}

func (d *desks) publishes(t *testing.T, candidate string, look func(*browser.Tab, string)) {
	t.Helper()
	p := d.operator
	p.Visit(candidate)
	p.Fill("form[action$='/publish'] textarea", "按变更单执行")
	p.Click("form[action$='/publish'] button")
	d.gateway.await(t, "policies in force", &struct{}{})
	p.Visit("/publishing")
	p.Until("document.querySelector('#revisions tbody tr').textContent.includes('alone')") // a node tells when it has switched; the page follows
	if got := p.Text("#revisions tbody tr"); !strings.Contains(got, "生效") || !strings.Contains(got, "wang.fang") {
		t.Errorf("the table of revisions: %s", got)
	}
	look(p, "revisions")
	p.Visit("/publishing/matrix?platform=suishenban")
	const ofSelf = "[...document.querySelectorAll('.sees')].find(t => t.caption.textContent.startsWith('self-query · licence.query')).textContent"
	if got := browser.Eval[string](p, ofSelf); strings.Contains(got, "cardNumber") || !strings.Contains(got, "points") {
		t.Errorf("the matrix: %s", got)
	}
	look(p, "matrix")
	if d.shows(t, "cardNumber") {
		t.Error("the field is still shown")
	}
}

func (d *desks) undoes(t *testing.T, look func(*browser.Tab, string)) {
	t.Helper()
	p, order := d.operator, filepath.Join(d.dir, "undo.json")
	p.Visit("/publishing")
	words := strings.Fields(p.Text("#undo-command"))
	from := words[slices.Index(words, "--from")+1]
	says(t, "", 0, "order", "rollback", "--as", "wang.fang", "--key", filepath.Join(d.dir, "keys", "wang.fang.key.pem"), "--reason", "窗口仍需要该字段", "--from", from, "--out", order)
	const form = "form[action='/publishing/rollback'] "
	p.Fill(form+"textarea", "按审批人的命令执行")
	p.Attach(form+"input[type=file]", order)
	p.Click(form + "button")
	d.gateway.await(t, "policies in force", &struct{}{})
	if got := p.Text("#revisions tbody tr"); !strings.Contains(got, "已退回") || !strings.Contains(got, "窗口仍需要该字段") {
		t.Errorf("the table of revisions: %s", got)
	}
	look(p, "revisions after the step back")
	if !d.shows(t, "cardNumber") {
		t.Error("the field is still hidden")
	}
}
