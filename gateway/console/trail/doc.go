// Package trail is the console's page about records: what was asked, by which platform, for which purpose, and what came of it. A search
// looks back from the newest record, so far and no farther at a time, and says how far it came. What callers wrote stays sealed: nothing
// here opens it. A search for a person goes by pseudonym and asks for a reason, which is on record before anything is shown.
package trail
