# METADATA
# title: Request for tests
# description: >-
#   A citizen of Shanghai asks Shanghai, with an SMS one minute old. Tests change what they are about.
package zhengqiao.testing

request := {
	"now": 1000000000,
	"operation": "licence.query",
	"platform": "suishenban",
	"region": "310000",
	"purpose": {
		"code": "self-query",
		"matter": "m",
		"matterName": "",
		"case": "",
		"operator": "self",
		"unit": "",
		"unitName": "",
		"legalBasis": "consent",
	},
	"stated": ["code", "matter", "operator", "legalBasis"],
	"authentications": [{"method": "sms", "provider": "p", "age": 60}],
	"fields": ["points", "status"],
	"subjectAge": 30,
	"fileNumber": false,
	"vehicles": 0,
}

changed(member, value) := object.union(object.remove(request, [member]), {member: value})

stated(change) := object.union(request, {
	"purpose": change,
	"stated": array.concat(request.stated, [part | some part, _ in change; not part in request.stated]),
})

blank(parts) := object.union(request, {
	"purpose": {part: "" | some part in parts},
	"stated": [part | some part in request.stated; not part in parts],
})

codes(reasons) := {reason.code | some reason in reasons}

# Somebody asks in the person's place, in order as far as that goes.
guardian := {"relation": "guardian", "agentAge": 40, "agentIsSubject": false}

delegate := {
	"relation": "delegate",
	"agentAge": 40,
	"agentIsSubject": false,
	"since": 60,
	"left": 60,
	"length": 120,
	"scope": {"purposes": ["self-query"], "operations": ["licence.query"], "fields": ["points", "status"]},
}
