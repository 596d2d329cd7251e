// Package adaptertest is the contract that every adapter passes: what it answers when its platform is well, which code it gives
// when the platform fails in each of the ways that platforms fail, that it keeps within the caller's deadline, refreshes a
// secret once for all callers, and lets no personal number out. An adapter's test fills a [Harness] with a stand-in of its
// platform and calls [Exercise]. When the contract changes, this package changes first.
//
// It knows no platform and no stand-in. What only one dialect has, such as a signature, is that adapter's own test's.
package adaptertest
