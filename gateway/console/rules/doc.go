// Package rules is the console's page about policies: the revision in force, its rules as their METADATA says, and every reason that they
// give, in both languages. It shows; writing, trying and publishing of policies have tools of their own.
package rules
