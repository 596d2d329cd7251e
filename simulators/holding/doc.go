// Package holding is what a stand-in keeps of the licence changes that it was told: one copy of each licence, with the version
// that it has. It takes a newer version over an older one and never the other way round, and lists what it holds as digests,
// for those who compare. It knows no transport and no signature; how a change is written is G2, S3, W2 and Z3 of the register of
// assumptions.
package holding
