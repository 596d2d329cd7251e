package tmri

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/soap"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Failure codes of the answer's head (register of assumptions, T1); 1 is success.
const (
	codeOK              = "1"
	codeGeneral         = "0"
	codeSerial          = "-1" // serial not authorised
	codeInterface       = "-2" // interface not granted
	codeQuota           = "-3" // quota of the day used up
	codeAudit           = "-4" // audit fields missing
	codeNotArchived     = "10" // 档案未归档
	codeIdentityExpired = "11" // 身份证明过期
)

// argumentNames gives the arguments of an operation in the order of its signature, nil for an unknown one. The newest
// operation has dwjgdm before dwmc, the one before it the other way round.
func argumentNames(path, operation string) []string {
	switch {
	case path == PathOld && operation == "queryObjectOut":
		return []string{"xtlb", "jkxlh", "jkid", "UTF8XmlDoc"}
	case path == PathNew && (operation == "queryObjectOut" || operation == "writeObjectOut"):
		return []string{"xtlb", "jkxlh", "jkid", "yhbz", "dwmc", "dwjgdm", "yhxm", "zdbs", "UTF8XmlDoc"}
	case path == PathNew && (operation == "queryObjectOutNew" || operation == "writeObjectOutNew"):
		return []string{"xtlb", "jkxlh", "jkid", "cjsqbh", "dwjgdm", "dwmc", "yhbz", "yhxm", "zdbs", "UTF8XmlDoc"}
	default:
		return nil
	}
}

func checkArguments(path string, asked soap.Call) string {
	want := argumentNames(path, asked.Operation)
	if want == nil {
		return "no such operation '" + asked.Operation + "'"
	}
	if got := asked.Names(); !slices.Equal(got, want) {
		return fmt.Sprintf("%s takes %s, got %s", asked.Operation, strings.Join(want, ","), strings.Join(got, ","))
	}
	return ""
}

// refuse verifies the caller in the order serial, interface, audit fields, quota: who may not call uses up nothing.
func (p *platform) refuse(call standin.Call, asked soap.Call) (code, message string) {
	serial, jkid := asked.Value("jkxlh"), asked.Value("jkid")
	grant, known := p.config.Serials[serial]
	switch {
	case !known:
		return codeSerial, "接口序列号未授权"
	case strings.HasPrefix(asked.Operation, "write"), !slices.Contains(grant.Interfaces, jkid):
		return codeInterface, "接口未授权：" + jkid
	case !strings.HasPrefix(jkid, asked.Value("xtlb")) || asked.Value("xtlb") == "":
		return codeGeneral, "系统类别与接口标识不符"
	case missingAudit(asked) != "":
		return codeAudit, "缺少审计信息：" + missingAudit(asked)
	case !p.quota.take(serial+" "+jkid, grant.DailyQuota, call.Now):
		return codeQuota, "当日查询次数已用完"
	}
	return "", ""
}

// missingAudit names the first audit field that is there but empty. The old port has none, so nothing can be missing.
func missingAudit(asked soap.Call) string {
	audit := []string{"dwjgdm", "dwmc", "yhbz", "yhxm", "zdbs"}
	for _, argument := range asked.Arguments {
		if slices.Contains(audit, argument.Name) && strings.TrimSpace(argument.Value) == "" {
			return argument.Name
		}
	}
	return ""
}

// quota counts calls per caller and interface within one day.
type quota struct {
	mu   sync.Mutex
	day  string
	used map[string]int
}

// take uses one call and tells whether there was one left; a limit of 0 has no end.
func (q *quota) take(key string, limit int, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if today := citizen.Day(now); q.day != today {
		q.day, q.used = today, map[string]int{}
	}
	if limit > 0 && q.used[key] >= limit {
		return false
	}
	q.used[key]++
	return true
}
