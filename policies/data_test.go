package policies_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/policies"
)

// typo replaces the first place where a text stands in a data file.
type typo struct {
	file, is, instead string
	path              string // of the fault
	elsewhere         string // file and text at which the fault is told; empty: at the typo
}

func typos() map[string]typo {
	return map[string]typo{
		"level at home":          {"platforms", "home: account", "home: acount", "platforms.suishenban.purposes.self-query.home", ""},
		"level away":             {"platforms", "away: bankcard", "away: bankcrad", "platforms.suishenban.purposes.self-query.away", ""},
		"level by another name":  {"platforms", "{home: account", "{hoem: account", "platforms.suishenban.purposes.self-query.hoem", ""},
		"standing":               {"platforms", "standing: province", "standing: provinz", "platforms.suishenban.standing", ""},
		"tier":                   {"platforms", "tier: daily", "tier: dialy", "platforms.wechat-city.tier", ""},
		"granted purpose":        {"platforms", "self-query: {home: account, ", "self-qury: {home: account, ", "platforms.suishenban.purposes.self-qury", ""},
		"platform's operation":   {"platforms", "[licence.query, changes", "[licence.qurey, changes", "platforms.thirdparty-mini.operations[0]", ""},
		"platform's field":       {"platforms", "[name, status,", "[name, statsu,", "platforms.thirdparty-mini.fields[1]", ""},
		"field twice":            {"platforms", "[name, status,", "[name, status, name,", "platforms.thirdparty-mini.fields[2]", ""},
		"region":                 {"platforms", `"330000"`, `"330001"`, "platforms.zheliban.region", ""},
		"region that is no text": {"platforms", `"440000"`, `440000`, "platforms.suihaoban.region", ""},
		"region of a province":   {"platforms", `"310000"`, `"000000"`, "platforms.suishenban.region", ""},
		"identity check":         {"platforms", "identityCheck: true", "identityCheck: yes", "platforms.wechat-city.identityCheck", ""},
		"member of a platform":   {"platforms", "    unmasked: {", "    unmaskd: {", "platforms.jiaoguan12123.unmaskd", ""},
		"unmasked purpose":       {"platforms", "unmasked: {licence-business", "unmasked: {licence-busness", "platforms.jiaoguan12123.unmasked.licence-busness", ""},
		"unmasked level":         {"platforms", "licence-business: face", "licence-business: fase", "platforms.jiaoguan12123.unmasked.licence-business", ""},
		"part":                   {"platforms", "platforms:", "platfroms:", "platfroms", ""},
		"legal basis":            {"purposes", "[consent, PIPL-13-1, PIPL-13-3]", "[consent, PIPL-13.1, PIPL-13-3]", "purposes.self-query.legalBases[1]", ""},
		"basis by another name":  {"legalbases", "PIPL-13-1:", "PIPL-13-l:", "purposes.self-query.legalBases[1]", "purposes: [consent, PIPL-13-1, PIPL-13-3]"},
		"purpose's field":        {"purposes", "overLimitOn", "overLimtOn", "purposes.self-query.fields[13]", ""},
		"field on a later line":  {"purposes", "decidedOn,\n", "decidedOm,\n", "purposes.self-query.fields[44]", ""},
		"purpose's operation":    {"purposes", "[licence.query]", "[licence.querry]", "purposes.licence-business.operations[0]", ""},
		"part of a purpose":      {"purposes", "[matter, case, operator]", "[matter, caes, operator]", "purposes.licence-business.requires[1]", ""},
		"member of a purpose":    {"purposes", "requires: [matter, case", "requries: [matter, case", "purposes.licence-business.requries", ""},
		"field of another query": {"purposes", "nextInspection, inspectedUntil, updatedAt]", "nextInspection, picture, updatedAt]", "purposes.reminder.fields[9]", ""},
		"operator":               {"purposes", "[citizen, unit]", "[citizen, nuit]", "purposes.self-query.operators[1]", ""},
		"standing of a purpose":  {"purposes", "      channel: [", "      chanel: [", "purposes.status-sync.byStanding.chanel", ""},
		"told beyond need":       {"purposes", "      third-party: [status,", "      third-party: [phone,", "purposes.status-sync.byStanding.third-party[0]", ""},
		"level it counts as":     {"purposes", "countsAs: account", "countsAs: acount", "purposes.status-sync.countsAs", ""},
		"rank":                   {"announcers", "rank: authority", "rank: autority", "announcements.authority.rank", ""},
		"aspect":                 {"announcers", "[status, validity, replacement]", "[status, validity, replacment]", "announcements.province.aspects[2]", ""},
		"reach":                  {"announcers", "regions: own", "regions: onw", "announcements.province.regions", ""},
		"standing of announcers": {"announcers", "  province: {rank", "  provins: {rank", "announcements.provins", ""},
		"region of a reporter":   {"announcers", `"330000"`, `"33"`, "reporters.zheliban-sharing.region", ""},
		"operation of a field":   {"fields", "usual: year, owner: none}}", "usual: year, owner: none}, operation: licence.query}", "fields.birthDate.operation", ""},
		"another's operation":    {"fields", "  picture: {operations: [violations.picture]", "  picture: {operations: [violations.query]", "fields.picture.operations[0]", ""},
		"mask":                   {"fields", "usual: strong", "usual: srtong", "fields.idNumber.masks.usual", ""},
		"place of a mask":        {"fields", "owner: ordinary", "ower: ordinary", "fields.idNumber.masks.ower", ""},
		"sensitivity":            {"fields", "sensitivity: identifier", "sensitivity: identifer", "fields.idNumber.sensitivity", ""},
		"field of the contract":  {"fields", "  phone:", "  phnoe:", "fields.phnoe.operations[0]", ""},
		"class of sensitivity":   {"sensitivity", "  contact:", "  contatc:", "fields.address.sensitivity", "fields:   address:"},
		"level of a class":       {"sensitivity", "home: bankcard}", "home: bank}", "sensitivity.contact.home", ""},
		"away of a class":        {"sensitivity", "away: face", "awya: face", "sensitivity.identifier.awya", ""},
		"order of levels":        {"assurance", "[none, phone,", "[phone, none,", "assurance.levels", ""},
		"level in the order":     {"assurance", "sms, bankcard, face]", "sms, bankcard, fcae]", "assurance.levels[5]", ""},
		"method":                 {"assurance", "    voice:", "    voise:", "assurance.methods.voise", ""},
		"level of a method":      {"assurance", "{level: bankcard,", "{level: bankcad,", "assurance.methods.bankcard.level", ""},
		"a percentage":           {"assurance", "similarity: 0.85", "similarity: 85", "assurance.methods.face.similarity", ""},
		"window":                 {"assurance", "windowSeconds: 900", "windowSeconds: 15m", "assurance.windowSeconds", ""},
		"owner's level":          {"assurance", "ownerLevel: bankcard", "ownerLevel: bankcrad", "assurance.ownerLevel", ""},
		"list of a provider":     {"providers", "passOrFail: [", "passOnly: [", "providers.wechat.passOnly", ""},
		"method of a provider":   {"providers", "[face]", "[fcae]", "providers.wechat.passOrFail[0]", ""},
		"name of a tier":         {"tiers", "  realtime:", "  relatime:", "tiers.relatime", ""},
		"stale action":           {"tiers", "onStale: refuse", "onStale: refuze", "tiers.realtime.onStale", ""},
		"floor over the bound":   {"tiers", "floor: 86400", "floor: 864000", "tiers.daily.floor", ""},
		"relation":               {"behalf", "  guardian:", "  neighbour:", "behalf.neighbour", ""},
		"ages of nobody":         {"behalf", "{from: 0, below: 18}", "{from: 18, below: 18}", "behalf.guardian.subjectAge", ""},
		"a class hidden":         {"behalf", "[contact, picture]", "[contacts, picture]", "behalf.delegate.hidden[0]", ""},
		"a duty of nobody":       {"minors", "operators: [unit]", "operators: [citizen]", "minors.duties.violation-handling.operators[0]", ""},
		"a span of nobody":       {"quotas", "requestsPerHour: 2000", "requestsPerWeek: 2000", "quotas.byStanding.province.qualification-check.requestsPerWeek", ""},
		"a quota of nothing":     {"quotas", "subjectsPerDay: 5000,", "subjectsPerDay: 0,", "quotas.byStanding.province.qualification-check.subjectsPerDay", ""},
		"a quota of notices":     {"quotas", "      self-query: {subjectsPerDay: 200000}", "      status-sync: {subjectsPerDay: 200000}", "quotas.byStanding.channel.status-sync", ""},
		"age":                    {"limits", "ageOfConsent: 14", "ageOfConsent: \"14\"", "limits.ageOfConsent", ""},
		"pattern":                {"limits", "^(?:", "(?:", "limits.unitPattern", ""},
		"broken pattern":         {"limits", "^(?:", "^((?:", "limits.unitPattern", ""},
		"day of a law":           {"study", "2022-04-01", "2022-4-1", "study.2022-4-1", ""},
		"letter of a ground":     {"study", "barred: [S,", "barred: [K,", "study.2022-04-01.letters.barred[0]", ""},
		"ground left out":        {"study", "code: no_cheating", "code: no_grave_penalty", "study.2022-04-01.grounds", "study:     grounds:"},
		"ground nobody knows":    {"study", "code: no_cheating", "code: no_cheeting", "study.2022-04-01.grounds[9].code", ""},
		"field of a ground":      {"study", "from: [points]", "from: [pionts]", "study.2022-04-01.grounds[2].from[0]", ""},
		"minutes of an access":   {"breakglass", "  minutes: 15", "  minutes: 600", "breakglass.minutes", ""},
		"province of an access":  {"breakglass", `["310000",`, `["31",`, "breakglass.operators.demo-duty.regions[0]", ""},
		"hour of an access":      {"breakglass", "until: 24", "until: 25", "breakglass.operators.demo-operator.hours.until", ""},
		"field of an access":     {"breakglass", "fields: [status,", "fields: [statsu,", "breakglass.operators.demo-duty.fields[0]", ""},
		"text of a reason":       {"reasons", "    en: None of the", "    em: None of the", "reasons.nothing_visible.em", ""},
	}
}

// TestTypos: a typo in the data names its file, line and path, and doesn't load, neither at the start nor later.
func TestTypos(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, small(t, "true", nil))
	for name, typo := range typos() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := "data/" + typo.file + ".yaml"
			spoilt := typo.in(t, dataFile(t, path))
			bad := changed(t, map[string]string{path: spoilt})
			_, err := policies.New(bad, policies.Options{NewHash: sha256.New})
			if err == nil {
				t.Fatal("loaded")
			}
			if !strings.Contains(err.Error(), typo.path+": ") {
				t.Errorf("error %q doesn't name %s", err, typo.path)
			}
			if where := typo.where(t, spoilt); !strings.Contains(err.Error(), where+": "+typo.path+": ") {
				t.Errorf("error %q doesn't name %s", err, where)
			}
			if engine.Reload(bad) == nil {
				t.Error("reloaded")
			}
		})
	}
}

func dataFile(t *testing.T, path string) string {
	t.Helper()
	content, err := fs.ReadFile(policies.Embedded(), path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func (typo typo) in(t *testing.T, content string) string {
	t.Helper()
	if !strings.Contains(content, typo.is) {
		t.Fatalf("%s has no %q", typo.file, typo.is)
	}
	return strings.Replace(content, typo.is, typo.instead, 1)
}

// where gives file and line of the fault.
func (typo typo) where(t *testing.T, spoilt string) string {
	t.Helper()
	file, near := typo.file, typo.instead
	if typo.elsewhere != "" {
		file, near, _ = strings.Cut(typo.elsewhere, ": ")
		spoilt = dataFile(t, "data/"+file+".yaml")
	}
	before, _, _ := strings.Cut(spoilt, near)
	return fmt.Sprintf("data/%s.yaml:%d", file, strings.Count(before, "\n")+1)
}

// TestAllTyposAtOnce: one error has them all, in the order in which they are written.
func TestAllTyposAtOnce(t *testing.T) {
	t.Parallel()
	_, err := policies.New(changed(t, map[string]string{
		"data/platforms.yaml": strings.Replace(dataFile(t, "data/platforms.yaml"), "standing: province", "standing: provinz", 1),
		"data/purposes.yaml":  strings.ReplaceAll(dataFile(t, "data/purposes.yaml"), "overLimitOn", "overLimtOn"),
		"data/tiers.yaml":     strings.Replace(dataFile(t, "data/tiers.yaml"), "onStale: mark", "onstale: mark", 2),
	}), policies.Options{NewHash: sha256.New})
	if err == nil {
		t.Fatal("loaded")
	}
	var paths []string
	for line := range strings.Lines(err.Error()) {
		paths = append(paths, strings.Split(line, ": ")[2])
	}
	want := []string{
		"platforms.suihaoban.standing", "platforms.suishenban.standing", "platforms.zheliban.standing", // merged in from one line
		"purposes.self-query.fields[13]", "purposes.licence-business.fields[13]", "purposes.violation-handling.fields[8]",
		"tiers.daily", "tiers.daily.onstale", "tiers.weekly", "tiers.weekly.onstale",
	}
	if !slices.Equal(paths, want) {
		t.Errorf("faults at %v, want %v", paths, want)
	}
}
