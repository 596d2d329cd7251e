// Package why explains one decision to a policy author: which rules gave it, and for each refusal and each withheld field the nearest
// rule that would have let it through, with the first condition in it that failed. It follows OPA's own trace of the evaluation and
// knows two things of how policies are written (docs/policies.md): a reason stands beside its negated condition, and fields are judged
// by fields.verdict(request, field).
package why
