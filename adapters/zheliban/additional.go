package zheliban

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Additional says which member of a query's purpose each purpose field of the data-sharing platform carries. The platform
// refuses a call whose fields are empty, and its records show what we put there: the fields are never constant. The default
// stands behind each.
type Additional struct {
	PowerMatters    string `yaml:"powerMatters"`    // 权力事项编码: matter
	SubPowerMatters string `yaml:"subPowerMatters"` // 权力事项子项: matter
	AccessCardID    string `yaml:"accesscardId"`    // 调用者: operator
	MaterialName    string `yaml:"materialName"`    // 材料名称: matterName
	SponsorName     string `yaml:"sponsorName"`     // 发起单位名称: unitName
	SponsorCode     string `yaml:"sponsorCode"`     // 发起单位编码: unit
	ProjectID       string `yaml:"projectId"`       // 办件编号: case
}

func (a Additional) filled() Additional {
	a.PowerMatters = cmp.Or(a.PowerMatters, "matter")
	a.SubPowerMatters = cmp.Or(a.SubPowerMatters, "matter")
	a.AccessCardID = cmp.Or(a.AccessCardID, "operator")
	a.MaterialName = cmp.Or(a.MaterialName, "matterName")
	a.SponsorName = cmp.Or(a.SponsorName, "unitName")
	a.SponsorCode = cmp.Or(a.SponsorCode, "unit")
	a.ProjectID = cmp.Or(a.ProjectID, "case")
	return a
}

func (a Additional) validate(key string) error {
	var failures []error
	for _, field := range a.fields() {
		if _, ok := member(exchange.Purpose{}, field.member); !ok {
			failures = append(failures, fmt.Errorf("%s.%s: no member of a purpose", key, field.name))
		}
	}
	return errors.Join(failures...)
}

type additionalField struct{ name, member string }

func (a Additional) fields() []additionalField {
	return []additionalField{
		{"powerMatters", a.PowerMatters}, {"subPowerMatters", a.SubPowerMatters}, {"accesscardId", a.AccessCardID},
		{"materialName", a.MaterialName}, {"sponsorName", a.SponsorName}, {"sponsorCode", a.SponsorCode},
		{"projectId", a.ProjectID},
	}
}

// encode gives the JSON text of the platform's form field "additional".
func (a Additional) encode(purpose exchange.Purpose) (string, error) {
	values := make(map[string]string, len(a.fields()))
	for _, field := range a.fields() {
		values[field.name], _ = member(purpose, field.member)
	}
	text, err := json.Marshal(values, json.Deterministic(true))
	if err != nil {
		return "", exchange.Errorf(exchange.InvalidRequest, "the purpose is not UTF-8 text")
	}
	return string(text), nil
}

// member gives a member of the purpose by its name in the contract.
func member(purpose exchange.Purpose, name string) (value string, ok bool) {
	switch name {
	case "code":
		return purpose.Code, true
	case "matter":
		return purpose.Matter, true
	case "matterName":
		return purpose.MatterName, true
	case "case":
		return purpose.Case, true
	case "operator":
		return purpose.Operator, true
	case "unit":
		return purpose.Unit, true
	case "unitName":
		return purpose.UnitName, true
	case "legalBasis":
		return purpose.LegalBasis, true
	}
	return "", false
}
