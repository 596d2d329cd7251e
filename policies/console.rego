# METADATA
# title: Console
# description: >-
#   Who may do what in the console: by the roles that a person was given. What a role is given is said here and nowhere else; who has
#   which role is the configuration's and the identity provider's to say.
# schemas:
#   - input: schema.console
package zhengqiao.console

result := {"allow": true, "reasons": set()} if {
	allowed
} else := {"allow": false, "reasons": reasons}

# To look is open to every role but where it is about what single people were asked: records are for who investigates.
looks := {"overview.see", "adapters.see", "changes.see", "policies.see", "nodes.see"}

grants := {
	"viewer": looks,
	"operator": (looks | {
		"changes.replay", "changes.skip", "changes.switch", "changes.compare", "changes.stop", "changes.confirm",
		"policies.publish",
	}),
	"policyAuthor": (looks | {"policies.read", "policies.edit"}),
	"approver": (looks | {"policies.read", "policies.approve", "changes.confirm"}),
	"inspector": (looks | {"records.see", "records.search"}),
}

allowed if {
	some role in input.roles
	input.action in grants[role]
}

reasons contains {"code": "console_action_not_allowed", "rule": "zhengqiao.console.allowed"} if not allowed
