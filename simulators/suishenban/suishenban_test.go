package suishenban

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

const catalogue = "310105109000999"

type bundle struct {
	server   *standin.Server
	registry *citizen.Registry
	now      *time.Time
}

func setup(t *testing.T) bundle {
	t.Helper()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone())
	registry, err := citizen.New(1, now, 10)
	if err != nil {
		t.Fatal(err)
	}
	b := bundle{registry: registry, now: &now}
	config := Config{Accounts: map[string]string{"demo": "demo-password"}, CatMainCode: catalogue}
	if b.server, err = New(config, registry, func() time.Time { return *b.now }); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bundle) person(key string) citizen.Citizen {
	person, _ := b.registry.Persona(key)
	return person
}

type reply struct {
	Success   bool           `json:"success"`
	ErrorCode string         `json:"errorCode"`
	Data      map[string]any `json:"data"`
}

func (b bundle) post(t *testing.T, path string, fields map[string]string) reply {
	t.Helper()
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(body))))
	var got reply
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil || recorder.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", recorder.Code, recorder.Body, err)
	}
	return got
}

// login gives the fields that every later call repeats.
func (b bundle) login(t *testing.T) map[string]string {
	t.Helper()
	opened := b.post(t, PathLogin, map[string]string{"account": "demo", "password": "demo-password"})
	session, _ := opened.Data["sessionId"].(string)
	if !opened.Success || session == "" {
		t.Fatalf("login: %+v", opened)
	}
	return map[string]string{
		"sessionId": session, "orgName": "演示单位", "username": "操作员", "itemName": "驾驶证查询", "itemCode": "310105", "businessCode": "case-1",
	}
}

func with(fields map[string]string, more ...string) map[string]string {
	joined := maps.Clone(fields)
	for i := 0; i < len(more); i += 2 {
		joined[more[i]] = more[i+1]
	}
	return joined
}

func (b bundle) exists(t *testing.T, session map[string]string, id, name string) reply {
	t.Helper()
	return b.post(t, PathExistence, with(session, "holderType", "居民身份证", "holderCode", id, "holderName", name, "catMainCode", catalogue))
}

func TestExistenceThenFaceData(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session := b.login(t)
	for key, want := range map[string]map[string]string{
		"normal-shanghai":   {"ZT": "A", "LJJF": "3", "HOLDERNAME": "沈嘉宁", "CD_TIME": "2026-11-24 08:55:00"},
		"replaced-shanghai": {"BZCS": "1"},
		"long-term-blank":   {"VALIDENDDAY": "长期", "YXQZ": ""},
		"elder":             {"VALIDENDDAY": "长期", "YXQZ": "9999-12-31"},
	} {
		person := b.person(key)
		found := b.exists(t, session, person.IDNumber, person.Name)
		uuid, _ := found.Data["certUuid"].(string)
		data := b.post(t, PathOriginal, with(session, "certUuid", uuid)).Data
		if found.Data["exist"] != true || data["HOLDERCODE"] != person.IDNumber || data["SFZMHM"] != person.IDNumber {
			t.Errorf("%s: %v, %v", key, found, data)
		}
		for column, value := range want {
			if data[column] != value {
				t.Errorf("%s: %s is %v, want %s", key, column, data[column], value)
			}
		}
	}
}

func TestNothingToFind(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session := b.login(t)
	for _, key := range []string{"no-licence", "normal-zhejiang"} {
		person := b.person(key)
		if found := b.exists(t, session, person.IDNumber, person.Name); !found.Success || found.Data["exist"] != false {
			t.Errorf("%s: %+v", key, found)
		}
	}
	if found := b.exists(t, session, "11010519491231002X", "张三"); !found.Success || found.Data["exist"] != false {
		t.Errorf("nobody: %+v", found)
	}
	normal := b.person("normal-shanghai")
	other := with(session, "holderType", "居民身份证", "holderCode", normal.IDNumber, "holderName", normal.Name, "catMainCode", "310105109000100")
	if found := b.post(t, PathExistence, other); found.Data["exist"] != false {
		t.Errorf("other catalogue: %+v", found)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session := b.login(t)
	normal := b.person("normal-shanghai")
	question := with(session, "holderType", "居民身份证", "holderCode", normal.IDNumber, "holderName", normal.Name, "catMainCode", catalogue)
	cases := map[string]struct {
		path   string
		fields map[string]string
		code   string
	}{
		"wrong password": {PathLogin, map[string]string{"account": "demo", "password": "x"}, "LOGIN_FAILED"},
		"no account":     {PathLogin, map[string]string{}, "LOGIN_FAILED"},
		"no session":     {PathExistence, with(question, "sessionId", ""), "SESSION_INVALID"},
		"other name":     {PathExistence, with(question, "holderName", "张三"), "HOLDER_NAME_MISMATCH"},
		"organisation":   {PathExistence, with(question, "holderType", "统一社会信用代码"), "PARAMETER_INVALID"},
		"unknown uuid":   {PathOriginal, with(session, "certUuid", "00"), "CERT_NOT_FOUND"},
	}
	for _, field := range []string{"orgName", "username", "itemName", "itemCode", "businessCode"} {
		cases["no "+field] = struct {
			path   string
			fields map[string]string
			code   string
		}{PathOriginal, with(question, field, " "), "PURPOSE_MISSING"}
	}
	for name, step := range cases {
		if got := b.post(t, step.path, step.fields); got.Success || got.ErrorCode != step.code || got.Data != nil {
			t.Errorf("%s: %+v, want %s", name, got, step.code)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session, normal := b.login(t), b.person("normal-shanghai")
	*b.now = b.now.Add(30*time.Minute - time.Second)
	if got := b.exists(t, session, normal.IDNumber, normal.Name); !got.Success {
		t.Fatalf("a second before the end: %+v", got)
	}
	*b.now = b.now.Add(time.Second)
	if got := b.exists(t, session, normal.IDNumber, normal.Name); got.ErrorCode != "SESSION_INVALID" {
		t.Fatalf("at the end: %+v", got)
	}
	session = b.login(t)
	if err := b.server.Faults().Set(fault.Fault{Kind: fault.ForgetSecrets, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if got := b.exists(t, session, normal.IDNumber, normal.Name); got.ErrorCode != "SESSION_INVALID" {
		t.Fatalf("forgotten: %+v", got)
	}
	if calls := b.server.Calls(); calls[OperationLogin] != 2 || calls[OperationExistence] != 3 {
		t.Fatalf("calls %v", calls)
	}
}

func TestAReplacedCardIsAnotherCertificate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session, normal := b.login(t), b.person("normal-shanghai")
	before, _ := b.exists(t, session, normal.IDNumber, normal.Name).Data["certUuid"].(string)
	b.registry.Update(normal.IDNumber, func(person *citizen.Citizen) {
		person.Licence.CardNumber, person.Licence.Replaced = "3100099999999", 1
	})
	if got := b.post(t, PathOriginal, with(session, "certUuid", before)); got.ErrorCode != "CERT_NOT_FOUND" {
		t.Fatalf("the old card: %+v", got)
	}
	after, _ := b.exists(t, session, normal.IDNumber, normal.Name).Data["certUuid"].(string)
	if got := b.post(t, PathOriginal, with(session, "certUuid", after)); got.Data["ZXBH"] != "3100099999999" {
		t.Fatalf("the new card: %+v", got)
	}
}
