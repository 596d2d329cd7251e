// Package exchange is the domain of the gateway: licences, violations, queries, decisions, answers and the error codes that
// cross packages, with [Broker] on top as the one path that every query takes. It does no I/O, imports nothing of ours and
// no framework, and stops where a transport, a policy engine, a platform's dialect or a durable log begins: those are the
// small interfaces it declares and somebody else provides.
//
//	caller verified ─▶ Query ─▶ Decider ─▶ IdentityMatcher ─▶ Source ─▶ shape ─▶ Encoder ─▶ Recorder ─▶ Answer
//	                              │ refused                     │ failed                       ▲
//	                              └─────────────────────────────┴──────── recorded too ────────┘
package exchange
