// Package webhook tells a platform that speaks our contract of changes: one signed POST for each change, a CloudEvents 1.0 event in
// structured mode under the headers of Standard Webhooks, signed by SM2. docs/webhook.md is its specification for those who
// receive. It also asks such a platform what it holds, for reconciliation.
//
// It stops at the message. When it is sent, how often and what becomes of a refusal is the delivery's; what the platform may see
// is policy's.
package webhook
