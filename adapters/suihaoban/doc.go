// Package suihaoban asks Guangdong (穗好办, 粤省事) for driving licences through the province's TIF gateway, and verifies the
// signature of calls that TIF passes on to us. It knows TIF's two signatures, its envelope and its rejections; the licence
// API behind it is assumption G1. It stops at the licence and at a verified caller: sign-on and what a pushed call says are
// others' business.
//
// TIF signs neither method, path nor body: what protects them is TLS on this leg and the gateway's own signature on the next.
package suihaoban
