// Package wechat tells WeChat (微信) of licence changes, over one of two channels that the configuration picks: a subscribe message
// (订阅消息) to the citizen, or the licence status of 城市服务, which takes the state itself (W2 in the register of assumptions). It
// knows the access token, the failure codes and how a template's values must look. It stops at the call: who is bound to a mini
// program and how many messages a citizen asked for is kept by [outbound.Contacts], and what may be shown was decided before.
//
// A subscribe message has no idempotency key. One whose answer was lost may therefore arrive twice, at most as often as the
// citizen allowed, since WeChat itself counts what was asked for.
package wechat
