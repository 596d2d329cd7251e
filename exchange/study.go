package exchange

import (
	"context"
	"time"
)

// StudyQuery asks whether points may be reduced by traffic-safety education, 学法减分 (道路交通安全违法行为记分管理办法, 公安部令163号, arts. 25-27).
const StudyQuery Operation = "study.eligibility"

// StudyJudge says what a licence's facts make of a wish for 学法减分. The conditions are policy. An error is no verdict.
type StudyJudge interface {
	JudgeStudy(ctx context.Context, question StudyQuestion) (StudyVerdict, error)
}

// StudyQuestion is all that a verdict may depend on. What is not known, or was not granted to the caller, is absent: the verdict must tell
// nothing that the caller may not see.
type StudyQuestion struct {
	Now       time.Time
	Platform  string    // who asks; whose word on Police counts is for policy to say
	Status    StatusSet // zt; empty: not known
	Probation string    // sxbj, 1 yes, 2 no; empty: not known
	Points    *int      // ljjf
	Withheld  []Field   // that policy keeps from the caller
	Police    PoliceFacts
}

// PoliceFacts are what only the traffic police know, as far as the caller states them under its signature; nil is not stated. The grounds
// of art. 26 that they are about are numbered.
type PoliceFacts struct {
	CheatedInEducation *bool `json:"cheatedInEducation,omitempty"` // (5): in the last three cycles
	GravePenalty       *bool `json:"gravePenalty,omitempty"`       // (2): for hit-and-run, drink-driving, forgery, trade in points
	OpenViolations     *bool `json:"openViolations,omitempty"`     // of any vehicle, not dealt with (art. 25)
	Reduced            *int  `json:"reduced,omitempty"`            // points reduced in this cycle so far (art. 25)
	RepeatedFullStudy  *bool `json:"repeatedFullStudy,omitempty"`  // (1): 满分教育 twice or more in this or the last cycle
	VehicleOverdue     *bool `json:"vehicleOverdue,omitempty"`     // (4): a vehicle not inspected or not deregistered in time
}

// StudyOutcome is a verdict in one word.
type StudyOutcome string

// The outcomes. Whatever is not known to be fulfilled keeps the whole from being eligible.
const (
	StudyEligible    StudyOutcome = "eligible"
	StudyNotEligible StudyOutcome = "notEligible"
	StudyCannotTell  StudyOutcome = "cannotTell"
)

// StudyVerdict is the answer, ground by ground.
type StudyVerdict struct {
	Revision string        `json:"-"` // of the policy
	Verdict  StudyOutcome  `json:"verdict"`
	Text     Text          `json:"text"`  // what that means, and what to do
	Basis    string        `json:"basis"` // the decree whose conditions were looked at
	From     Date          `json:"from"`  // and since when they have been in force
	Grounds  []StudyGround `json:"grounds"`
	Ways     []StudyWay    `json:"ways"` // in which points are reduced
	Most     *int          `json:"most,omitempty"`
	CycleEnd Date          `json:"cycleEnd,omitzero"` // qfrq; reductions count within the cycle
	Notes    []StudyNote   `json:"notes"`
}

// StudyGround is one condition and whether it stands in the way. State is clear, against or unknown; Why says where that comes from: known,
// withheld (the caller may not see the fields), noData (the source does not say) or police (only the traffic police know).
type StudyGround struct {
	Code    string  `json:"code"`
	Article string  `json:"article"` // such as 26(3)
	State   string  `json:"state"`
	Why     string  `json:"why"`
	From    []Field `json:"from"`   // fields of the licence that it can be told from
	Police  bool    `json:"police"` // data of the police is needed to clear it
	Text    Text    `json:"text"`
}

// StudyWay is a way of reducing points.
type StudyWay struct {
	Code    string `json:"code"`
	Article string `json:"article"`
	Minutes int    `json:"minutes"`
	Days    int    `json:"days,omitzero"` // within so many calendar days; 0: at once
	Exam    bool   `json:"exam"`
	Points  int    `json:"points"`
	Text    Text   `json:"text"`
}

// StudyNote is a rule that holds for all ways.
type StudyNote struct {
	Article string `json:"article"`
	Text    Text   `json:"text"`
}

// StudyResult is a verdict and the fields of the licence that it discloses something of.
type StudyResult struct {
	StudyVerdict
	Used []Field `json:"-"`
}

var studyFields = licenceFields.only("status", "points", "cycleEnd", "probation")

var studyNames = studyFields.names()

// judge puts what the decision lets the caller see of the licence before the policy and keeps the verdict.
func (i inquiry) judge(ctx context.Context, licence *Licence) ([]Withheld, error) {
	if i.study == nil {
		return nil, &Error{Code: OperationNotOffered}
	}
	today, lacks := Today(i.query.Received), lackList{}
	licence.fill(today)
	question := StudyQuestion{Now: i.query.Received, Platform: i.query.Caller.Platform, Police: i.query.Police}
	for _, withheld := range i.decision.Withheld {
		question.Withheld = append(question.Withheld, withheld.Field)
	}
	var result StudyResult
	for _, field := range shape(licence, studyFields, i.decision.Grants, today, lacks) {
		if field.Masked { // part of a fact is none
			question.Withheld = append(question.Withheld, field.Name)
			continue
		}
		question.take(field.Name, licence)
		result.Used = append(result.Used, field.Name)
		if field.Name == "cycleEnd" {
			result.CycleEnd = licence.CycleEnd
		}
	}
	verdict, err := i.study.JudgeStudy(ctx, question)
	if err != nil {
		return nil, undecided(err)
	}
	if verdict.Revision != i.decision.Revision { // the policies changed in between: what may be seen was said by others
		return nil, &Error{Code: PolicyUnavailable, RetryAfter: time.Second}
	}
	verdict.CycleEnd = result.CycleEnd
	result.StudyVerdict = verdict
	i.answer.Result.Study = &result
	return lacks.withheld(), nil
}

func (q *StudyQuestion) take(field Field, licence *Licence) {
	switch field {
	case "status":
		q.Status = licence.Status
	case "points":
		q.Points = licence.Points
	case "probation":
		q.Probation = licence.Probation
	}
}
