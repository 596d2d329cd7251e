package zhengqiao.console_test

import data.zhengqiao.console
import data.zhengqiao.testing

may(roles, action) := result if {
	result := console.result with input as {"now": 1000000000, "roles": roles, "action": action}
}

# The whole table, written down a second time.
looks := ["overview.see", "adapters.see", "changes.see", "policies.see", "nodes.see"]

expected := {
	"viewer": looks,
	"operator": array.concat(looks, ["changes.replay", "changes.skip", "changes.switch", "changes.compare", "changes.stop", "changes.confirm", "policies.publish"]),
	"policyAuthor": array.concat(looks, ["policies.read", "policies.edit"]),
	"approver": array.concat(looks, ["policies.read", "policies.approve", "changes.confirm"]),
	"inspector": array.concat(looks, ["records.see", "records.search"]),
}

actions := {action | some list in expected; some action in list}

test_table if {
	every role, list in expected {
		every action in actions {
			wanted := action in list
			may([role], action).allow == wanted
		}
	}
}

test_roles_add_up if may(["viewer", "inspector"], "records.search").allow

test_nobody if {
	every roles in [[], ["king"], ["Viewer"]] {
		result := may(roles, "overview.see")
		not result.allow
		testing.codes(result.reasons) == {"console_action_not_allowed"}
	}
}

test_allowed_without_reasons if may(["viewer"], "overview.see").reasons == set()

test_unknown_action if not may(["operator", "approver", "inspector", "policyAuthor", "viewer"], "journal.delete").allow

test_no_reasons_where_allowed if {
	console.reasons == set() with input as {"now": 1000000000, "roles": ["viewer"], "action": "policies.see"}
}
