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
		"operator": "self",
		"legalBasis": "consent",
	},
	"authentications": [{"method": "sms", "provider": "p", "at": 999940000}],
	"fields": ["points", "status"],
	"subjectAge": 30,
	"fileNumber": false,
	"vehicles": 0,
}

changed(member, value) := object.union(object.remove(request, [member]), {member: value})

stated(change) := object.union(request, {"purpose": change})

# Blank parts are left out, as the gateway does.
blank(parts) := object.union(object.remove(request, ["purpose"]), {"purpose": object.remove(request.purpose, parts)})

codes(reasons) := {reason.code | some reason in reasons}
