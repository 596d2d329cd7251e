# METADATA
# title: Purpose
# description: >-
#   Whether the platform says enough about its purpose, who acts for it, and on which legal basis (PIPL arts. 5, 6 and 13).
package zhengqiao.purpose

import data.zhengqiao.offer

accepted if {
	terms := offer.terms
	terms.legalBases[input.purpose.legalBasis]
	every part in terms.requires {
		input.purpose[part] != ""
	}
	answerable
}

# The citizen alone, where the purpose lets him; anyone else in the name of a unit.
answerable if {
	input.purpose.operator == "self"
	offer.terms.self
} else if {
	input.purpose.operator != "self"
	regex.match(offer.terms.limits.unitPattern, input.purpose.unit)
}

reasons contains {"code": "legal_basis_not_accepted", "rule": "zhengqiao.purpose.accepted"} if {
	offer.terms
	not offer.terms.legalBases[input.purpose.legalBasis]
}

reasons contains {"code": "purpose_incomplete", "rule": "zhengqiao.purpose.accepted"} if {
	some part in offer.terms.requires
	input.purpose[part] == ""
}

reasons contains {"code": "operator_not_allowed", "rule": "zhengqiao.purpose.answerable"} if {
	offer.terms
	not answerable
	input.purpose.operator == "self"
}

reasons contains {"code": "unit_invalid", "rule": "zhengqiao.purpose.answerable"} if {
	offer.terms
	not answerable
	input.purpose.operator != "self"
}
