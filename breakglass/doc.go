// Package breakglass is emergency access: a named operator opens one person's record to himself, for a reason and for minutes. It keeps the
// openings durably, so that a restart neither forgets nor lengthens one, holds every use to them, and records each step before it has any
// effect. It stops at what may be seen and by whom: the first is the broker's way of every query, the second is policy.
package breakglass
