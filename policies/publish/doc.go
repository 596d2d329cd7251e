// Package publish carries policies from their author to a gateway so that nobody on the way can change them: one canonical file, the
// bundle, with a statement of what is in it and the SM2 signatures of the author and of others who approved exactly that.
//
// It guards against the hand that edits after approval, the author who approves himself, the key that has ended, the old bundle played
// again, and the file that is made to hurt whoever unpacks it. Everything here happens before the policy engine sees a byte.
//
// It stops there. Whether policies build, pass their tests and stay within bounds is found out by the package rehearsal, in a process of
// its own; what they let anybody see more is the package widening's matter; which revision is in force is decided by a [Board].
//
//	folder ─▶ Pack ─▶ draft ─▶ Sign (author, approvers) ─▶ bundle ─▶ Read ─▶ Verify ─▶ rehearsal ─▶ Board ─▶ every node
package publish
