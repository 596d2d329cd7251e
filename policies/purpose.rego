# METADATA
# title: Purpose
# description: >-
#   Whether the platform may ask at all, for this purpose, with what it says about it (PIPL arts. 5, 6 and 13).
package zhengqiao.purpose

platform := data.platforms[input.platform]

terms := data.purposes[input.purpose.code] if platform.purposes[input.purpose.code]

reasons contains {"code": "unknown_platform", "rule": "zhengqiao.purpose.platform"} if not platform

reasons contains {"code": "purpose_not_allowed", "rule": "zhengqiao.purpose.terms"} if {
	platform
	not terms
}

reasons contains {"code": "operation_not_allowed", "rule": "zhengqiao.purpose.operation"} if {
	terms
	not operation
}

operation if {
	input.operation in terms.operations
	input.operation in platform.operations
}

reasons contains {"code": "purpose_incomplete", "rule": "zhengqiao.purpose.complete"} if {
	terms
	not complete
}

complete if {
	every part in terms.requires {
		trim_space(input.purpose[part]) != ""
	}
}

reasons contains {"code": "operator_not_allowed", "rule": "zhengqiao.purpose.alone"} if {
	terms
	input.purpose.operator == "self"
	not alone
}

alone if terms.self

reasons contains {"code": "unit_invalid", "rule": "zhengqiao.purpose.unit"} if {
	terms
	input.purpose.operator != "self"
	not unit
}

unit if regex.match(data.limits.unitPattern, input.purpose.unit)

reasons contains {"code": "legal_basis_not_accepted", "rule": "zhengqiao.purpose.legal_basis"} if {
	terms
	not legal_basis
}

legal_basis if {
	data.legalBases[input.purpose.legalBasis]
	input.purpose.legalBasis in terms.legalBases
}
