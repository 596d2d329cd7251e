// Package suihaoban asks Guangdong (穗好办, 粤省事) for driving licences through the province's TIF gateway, tells it of licence
// changes, and verifies and reads those that TIF passes on to us. It knows TIF's two signatures, its envelope and its rejections;
// the APIs behind it are assumptions G1 to G3. It stops at the licence, the notice and the report: sign-on, what may be shown and
// whether a report stands are others' business.
//
// TIF signs neither method, path nor body: what protects them is TLS on this leg and the gateway's own signature on the next.
package suihaoban
