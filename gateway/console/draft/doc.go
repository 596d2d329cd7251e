// Package draft keeps what policy authors are at work on in the console: for each person the files that differ from the policies in force.
// Drafts live in the memory of one node, bounded, and are gone with it; nobody decides by them. What becomes of a draft is the business of
// the pages playground and publishing.
package draft
