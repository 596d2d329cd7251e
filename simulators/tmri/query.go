package tmri

import (
	"encoding/base64"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// interfaceEntry is an interface with the conditions that a query of it must have.
type interfaceEntry struct {
	required []string
	answer   func(standin.Call, condition) document
}

// query answers one interface. The table is the whole list of what the stand-in can do.
func (p *platform) query(call standin.Call, jkid string, asked condition) document {
	interfaces := map[string]interfaceEntry{
		"02C06": {[]string{"sfzmhm"}, p.licence},
		"04C01": {[]string{"jszh"}, p.decisions},
		"04C03": {[]string{"hpzl", "hphm"}, p.cameras},
		"04C04": {[]string{"xh"}, p.picture},
		"01C21": {[]string{"hpzl", "hphm"}, p.vehicle},
	}
	if listing := p.config.Changes; listing.Interface != "" {
		interfaces[listing.Interface] = interfaceEntry{[]string{listing.From}, p.changed}
	}
	chosen, known := interfaces[jkid]
	if !known {
		return failure(codeGeneral, "接口不存在："+jkid)
	}
	for _, name := range chosen.required {
		if asked[name] == "" {
			return failure(codeGeneral, "缺少查询条件："+name)
		}
	}
	return chosen.answer(call, asked)
}

// licence answers 02C06.
func (p *platform) licence(call standin.Call, asked condition) document {
	person, found := call.Subject(p.registry, asked["sfzmhm"])
	switch {
	case !found || !person.Licensed():
		return success("DrvPerson")
	case person.Licence.NotArchived:
		return failure(codeNotArchived, "档案未归档")
	case person.IdentityExpired:
		return failure(codeIdentityExpired, "身份证明过期")
	}
	return success("DrvPerson", person.LicenceRow().Only(p.config.LicenceColumns))
}

// decisions answers 04C01 by licence number, on request only those with one mark of payment.
func (p *platform) decisions(call standin.Call, asked condition) document {
	person, _ := call.Subject(p.registry, asked["jszh"])
	var rows []citizen.Row
	for _, decision := range person.Licence.Decisions {
		if mark := asked["jkbj"]; mark == "" || mark == decision.Paid {
			rows = append(rows, person.DecisionRow(decision))
		}
	}
	return success("VioDrvInfo", rows...)
}

// cameras answers 04C03, on request only the handled or the unhandled.
func (p *platform) cameras(_ standin.Call, asked condition) document {
	_, vehicle, _ := p.registry.FindOwner(asked["hpzl"], asked["hphm"])
	var rows []citizen.Row
	for _, camera := range vehicle.Cameras {
		if mark := asked["clbj"]; mark == "" || (mark == "1") == camera.Handled {
			rows = append(rows, vehicle.CameraRow(camera))
		}
	}
	return success("VioSurveil", rows...)
}

// picture answers 04C04: the photograph as Base64 in zp1.
func (p *platform) picture(_ standin.Call, asked condition) document {
	vehicle, camera, found := p.registry.FindCamera(asked["xh"])
	if !found {
		return success("VioSurveilZp")
	}
	picture, err := camera.Picture()
	if err != nil {
		return failure(codeGeneral, "图片读取失败")
	}
	return success("VioSurveilZp", citizen.Row{
		{Name: "xh", Value: camera.Serial}, {Name: "hpzl", Value: vehicle.PlateKind}, {Name: "hphm", Value: vehicle.Plate},
		{Name: "zp1", Value: base64.StdEncoding.EncodeToString(picture)},
	})
}

// vehicle answers 01C21.
func (p *platform) vehicle(call standin.Call, asked condition) document {
	owner, vehicle, found := p.registry.FindOwner(asked["hpzl"], asked["hphm"])
	if !found {
		return success("VehInfo")
	}
	shown, _ := call.Subject(p.registry, owner.IDNumber)
	return success("VehInfo", shown.VehicleRow(vehicle))
}
