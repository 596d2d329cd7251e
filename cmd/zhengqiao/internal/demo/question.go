package demo

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// question is a request body of the contract.
type question struct {
	Subject         subject          `json:"subject"`
	Region          string           `json:"region"`
	Purpose         purpose          `json:"purpose"`
	Authentications []authentication `json:"authentications"`
	Fields          []string         `json:"fields,omitempty"`
	Vehicles        []vehicle        `json:"vehicles,omitempty"`
}

type subject struct {
	Name     string `json:"name"`
	IDNumber string `json:"idNumber"`
}

type purpose struct {
	Code       string `json:"code"`
	Matter     string `json:"matter"`
	MatterName string `json:"matterName"`
	Case       string `json:"case"`
	Operator   string `json:"operator"`
	Unit       string `json:"unit,omitempty"`
	UnitName   string `json:"unitName,omitempty"`
	LegalBasis string `json:"legalBasis"`
}

type authentication struct {
	Method     string   `json:"method"`
	Provider   string   `json:"provider"`
	At         string   `json:"at"`
	Similarity *float64 `json:"similarity,omitempty"`
}

type vehicle struct {
	PlateType   string `json:"plateType"`
	PlateNumber string `json:"plateNumber"`
}

// about asks for a persona's own record, authenticated by face.
func about(p citizen.Persona, now time.Time) question {
	sure := 0.97
	q := question{
		Subject: subject{p.Name, p.IDNumber},
		Region:  p.Region,
		Purpose: purpose{
			Code: "self-query", Matter: "QT-0001", MatterName: "本人驾驶证查询", Case: "DEMO-" + now.Format("20060102150405"),
			Operator: "self", Unit: "310000000000", UnitName: "政桥演示", LegalBasis: "consent",
		},
		Authentications: []authentication{{"face", "demo-face", now.UTC().Format(time.RFC3339), &sure}},
	}
	for _, plate := range p.Vehicles {
		kind, number, _ := strings.Cut(plate, " ")
		q.Vehicles = append(q.Vehicles, vehicle{kind, number})
	}
	return q
}

// asViolations states the matter of a violations query.
func (q question) asViolations() question {
	q.Purpose.Matter, q.Purpose.MatterName = "QT-0002", "本人交通违法记录查询"
	return q
}

// asLicence leaves out what a licence query does not take.
func (q question) asLicence() question {
	q.Vehicles = nil
	return q
}

// asStudy asks whether points may be reduced by education.
func (q question) asStudy() question {
	q.Purpose.Code, q.Purpose.Matter, q.Purpose.MatterName = studyPurpose, "QT-0003", "学法减分"
	return q.asLicence()
}

// studyPurpose is the policies' purpose of that question.
const studyPurpose = "study-reduction"

func (q question) json() []byte {
	text, err := json.MarshalIndent(q, "", "  ")
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return text
}

// writeQuestions writes ready request bodies; authentications age, so they are written anew while the demo runs.
func (f folder) writeQuestions(registry *citizen.Registry, now time.Time) error {
	dir := filepath.Join(f.dir, "questions")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of questions: %w", err)
	}
	for _, persona := range registry.Personas() {
		q := about(persona, now)
		if err := replaceFile(filepath.Join(dir, persona.Key+".licence.json"), q.asLicence().json()); err != nil {
			return err
		}
		if err := replaceFile(filepath.Join(dir, persona.Key+".violations.json"), q.asViolations().json()); err != nil {
			return err
		}
		if err := replaceFile(filepath.Join(dir, persona.Key+".study.json"), q.asStudy().json()); err != nil {
			return err
		}
	}
	return f.writeReport(registry, now)
}

// report is a report of a change as the contract has it.
type report struct {
	ReportID   string         `json:"reportId"`
	Subject    subject        `json:"subject"`
	Region     string         `json:"region"`
	HappenedAt string         `json:"happenedAt"`
	Facts      map[string]any `json:"facts"`
}

// changing is whose points the ready report changes.
const changing = "normal-shanghai"

// writeReport writes a ready report of the traffic police; each time it is another one.
func (f folder) writeReport(registry *citizen.Registry, now time.Time) error {
	person, _ := registry.Persona(changing)
	text, err := json.MarshalIndent(report{
		ReportID: "demo-" + now.Format("20060102150405"), Subject: subject{person.Name, person.IDNumber}, Region: person.Licence.Province(),
		HappenedAt: now.UTC().Format(time.RFC3339), Facts: map[string]any{"status": []string{"A"}, "points": now.Minute() % 12},
	}, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(f.dir, "questions", "change.json"), text)
}

// replaceFile swaps the content whole, for somebody may be reading it.
func replaceFile(path string, content []byte) error {
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
