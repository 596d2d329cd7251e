// Package publishing is the console's pages about what comes into force: the revisions that were published and on which nodes they are,
// what the policies in force let be seen, and the candidates on their way there: proposed from a draft, signed by their author, approved by
// others, published, and taken back by one step.
//
// It holds no private key and signs nothing. Who signs downloads a candidate, signs it on a machine of his own, and brings it back; what a
// signature is worth is for the [Acts] to say. Each order asks for a reason and is on record before it has any effect.
package publishing
