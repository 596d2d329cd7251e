// Package gateway is the HTTP edge of the exchange: it turns a signed request into an [exchange.Query], hands that to the
// broker and turns what comes back into a signed answer or an RFC 9457 problem. It guards what lies behind it against
// requests that are too large, too many, not signed, replayed or not what the contract asks for. It stops there: who may see
// what is policy's, where data comes from is the sources', and what is remembered is the recorder's.
//
// A request takes these steps, each in the file of its name:
//
//	observe   one id, one log event, one panic barrier
//	path      paths written in one way only
//	body      read, up to a limit
//	admission a bounded number at work
//	authenticate  the SM2 signature over the very bytes
//	admission     again: a platform's share of the work
//	parameters  of the query string and header, where the contract has some
//	envelope  decrypt, where the platform encrypts
//	json      strict: UTF-8, no name twice, bounded depth and size
//	contract  against specs/openapi.yaml, every error with its pointer
//	query, report  what a schema cannot say: check characters, days that exist, times that have come
//	operations  broker, then the receipt as the last member
//	changes   reports to the intake; feed: a platform's own list, with waits that have places of their own
//	reply     encrypt, sign, write
//
// It is the only package that imports Echo.
package gateway
