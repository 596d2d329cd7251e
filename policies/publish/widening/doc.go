// Package widening computes whether one revision of the policies lets anybody see more than another. It takes nobody's word for it.
//
// What the matrix shows is compared cell by cell, the cases of both revisions and recorded inputs decision by decision. What neither can
// show for every request there may be (a rule that reads otherwise, a lower age of consent, a longer window) counts as widening: whoever
// can't tell asks a second person. It stops at the comparison; how many must approve is the package publish's matter.
package widening
