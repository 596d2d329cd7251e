// Package outbound is the one way in which adapters reach their platforms: an HTTP client per destination that retries only what
// may be repeated, keeps within the caller's deadline, stops asking a platform that is down, never has more than so many calls
// under way, connects only to allowed addresses and reports failures by the codes of package exchange, without URLs' queries
// and without bodies. It also keeps secrets that rotate. It stops at bytes: what a platform's answer means is its adapter's to
// say.
package outbound
