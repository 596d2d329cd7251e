package policies

import "github.com/open-policy-agent/opa/v1/ast"

// key holds the member names of the input document and of the result as terms, made once because making them is a good part of
// what a decision costs. Terms are never changed.
var key = struct {
	// Input.
	quotas, of, most, per                                                                                                *ast.Term
	behalf, relation, agentAge, agentIsSubject, since, left, length, scope, purposes, operations                         *ast.Term
	now, operation, platform, region, purpose, authentications, fields, subjectAge, fileNumber, vehicles, maxAge, stated *ast.Term
	code, matter, matterName, caseNumber, operator, unit, unitName, legalBasis                                           *ast.Term
	method, provider, age, similarity                                                                                    *ast.Term
	reporter, aspects, roles, action                                                                                     *ast.Term
	// Result; code is in both.
	allow, reasons, grants, withheld, freshness, assurance, checkIdentity, tier, bound, onStale, mask, rule, rank *ast.Term
}{
	quotas:          ast.StringTerm("quotas"),
	of:              ast.StringTerm("of"),
	most:            ast.StringTerm("most"),
	per:             ast.StringTerm("per"),
	behalf:          ast.StringTerm("behalf"),
	relation:        ast.StringTerm("relation"),
	agentAge:        ast.StringTerm("agentAge"),
	agentIsSubject:  ast.StringTerm("agentIsSubject"),
	since:           ast.StringTerm("since"),
	left:            ast.StringTerm("left"),
	length:          ast.StringTerm("length"),
	scope:           ast.StringTerm("scope"),
	purposes:        ast.StringTerm("purposes"),
	operations:      ast.StringTerm("operations"),
	now:             ast.StringTerm("now"),
	operation:       ast.StringTerm("operation"),
	platform:        ast.StringTerm("platform"),
	region:          ast.StringTerm("region"),
	purpose:         ast.StringTerm("purpose"),
	authentications: ast.StringTerm("authentications"),
	fields:          ast.StringTerm("fields"),
	subjectAge:      ast.StringTerm("subjectAge"),
	fileNumber:      ast.StringTerm("fileNumber"),
	vehicles:        ast.StringTerm("vehicles"),
	stated:          ast.StringTerm("stated"),
	maxAge:          ast.StringTerm("maxAge"),
	code:            ast.StringTerm("code"),
	matter:          ast.StringTerm("matter"),
	matterName:      ast.StringTerm("matterName"),
	caseNumber:      ast.StringTerm("case"),
	operator:        ast.StringTerm("operator"),
	unit:            ast.StringTerm("unit"),
	unitName:        ast.StringTerm("unitName"),
	legalBasis:      ast.StringTerm("legalBasis"),
	method:          ast.StringTerm("method"),
	provider:        ast.StringTerm("provider"),
	age:             ast.StringTerm("age"),
	similarity:      ast.StringTerm("similarity"),
	reporter:        ast.StringTerm("reporter"),
	aspects:         ast.StringTerm("aspects"),
	roles:           ast.StringTerm("roles"),
	action:          ast.StringTerm("action"),
	allow:           ast.StringTerm("allow"),
	reasons:         ast.StringTerm("reasons"),
	grants:          ast.StringTerm("grants"),
	withheld:        ast.StringTerm("withheld"),
	freshness:       ast.StringTerm("freshness"),
	assurance:       ast.StringTerm("assurance"),
	checkIdentity:   ast.StringTerm("checkIdentity"),
	tier:            ast.StringTerm("tier"),
	bound:           ast.StringTerm("bound"),
	onStale:         ast.StringTerm("onStale"),
	mask:            ast.StringTerm("mask"),
	rule:            ast.StringTerm("rule"),
	rank:            ast.StringTerm("rank"),
}
