// Package repair carries out what operators order: to tell again what was refused, to give it up, to switch a platform off and on, to
// compare what a platform holds, and to mend what it lacks.
//
// Every order is recorded, with who gives it, why and the signed request, before it has any effect; what comes of each licence is
// recorded by the dispatcher. What takes time runs as a job beside the requests, whose progress can be read at any moment. Jobs live in
// memory: after a restart a replay goes on by its token, and a comparison is made anew.
//
// It stops at who may give orders, which is proved before, and at how orders come in.
package repair
