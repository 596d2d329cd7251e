# METADATA
# title: 用途 / Purpose
# description: >-
#   Whether the platform says enough about its purpose, who acts for it, and on which legal basis (PIPL arts. 5, 6 and 13).
package zhengqiao.purpose

import data.zhengqiao.offer
import data.zhengqiao.request

accepted if {
	lawful
	offer.terms.operators[request.actor]
	count(missing) == 0
}

lawful if offer.terms.legalBases[input.purpose.legalBasis]

missing := offer.terms.requires - {part | some part in input.stated}

reasons contains {"code": "legal_basis_not_accepted", "rule": "zhengqiao.purpose.accepted"} if {
	offer.terms
	not lawful
}

reasons contains {"code": "purpose_incomplete", "rule": "zhengqiao.purpose.accepted"} if count(missing) > 0

# The citizen alone or the gateway itself only where the purpose lets them; anyone else in the name of a unit.
reasons contains unanswerable if {
	offer.terms
	not offer.terms.operators[request.actor]
}

unanswerable := {"code": "unit_invalid", "rule": "zhengqiao.purpose.accepted"} if {
	request.actor == "nobody"
	offer.terms.operators.unit
} else := {"code": "operator_not_allowed", "rule": "zhengqiao.purpose.accepted"}
