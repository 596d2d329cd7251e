// Package impact says what other policies would change: it decides recorded requests again, by the policies in force and by a candidate,
// and tells who would see more, less or otherwise. It reads inputs that somebody hands it and stops there: where records are kept is
// none of its business, and it puts nothing into force.
package impact
