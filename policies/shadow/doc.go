// Package shadow asks a candidate about live requests beside the policies in force and keeps where it differs. It answers nobody: what
// callers get is the word of the policies in force, whether the candidate is slow, fails or says something else.
package shadow
