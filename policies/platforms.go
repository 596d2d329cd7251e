package policies

import (
	"maps"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// PlatformInfo is what the policies in force grant to one platform (data/platforms.yaml).
type PlatformInfo struct {
	ID       string
	Name     exchange.Text
	Region   exchange.Region // where it is; National for one that serves the whole country
	Tier     string          // of its data: realtime, daily or weekly
	Purposes []PurposeInfo   // by code
}

// PurposeInfo is one purpose granted to a platform.
type PurposeInfo struct {
	Code       string
	Name       exchange.Text
	Operations []exchange.Operation // that the platform may ask for it
	LegalBases []string             // any one of which a request states
	Home       string               // lowest assurance for licences of its own province, for a national platform of all
	Away       string               // for licences of other provinces; empty: those are refused
}

// Platforms gives what the policies in force grant, by platform id, without the party of operators' emergency access, which is none that
// calls. The answer is the caller's own.
func (e *Engine) Platforms() []PlatformInfo {
	data := e.current.Load().data
	registered, _ := data["platforms"].(map[string]any)
	all := make([]PlatformInfo, 0, len(registered))
	for _, id := range slices.Sorted(maps.Keys(registered)) {
		if id == exchange.BreakGlassPlatform {
			continue
		}
		entry := registered[id]
		info := PlatformInfo{ID: id, Name: nameOf(entry), Region: exchange.Region(textAt(entry, "region")), Tier: textAt(entry, "tier")}
		granted, _ := member(entry, "purposes").(map[string]any)
		for _, code := range slices.Sorted(maps.Keys(granted)) {
			info.Purposes = append(info.Purposes, purposeInfo(code, member(data["purposes"], code), entry))
		}
		all = append(all, info)
	}
	return all
}

func purposeInfo(code string, purpose, platform any) PurposeInfo {
	info := PurposeInfo{
		Code: code, Name: nameOf(purpose), LegalBases: texts(purpose, "legalBases"),
		Home: textAt(platform, "purposes", code, "home"), Away: textAt(platform, "purposes", code, "away"),
	}
	offered := texts(platform, "operations")
	for _, operation := range texts(purpose, "operations") {
		if slices.Contains(offered, operation) {
			info.Operations = append(info.Operations, exchange.Operation(operation))
		}
	}
	return info
}

func nameOf(entry any) exchange.Text {
	return exchange.Text{ZH: textAt(entry, "zh"), EN: textAt(entry, "en")}
}
