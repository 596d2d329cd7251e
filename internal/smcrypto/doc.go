// Package smcrypto gives the rest of the gateway the Chinese commercial
// cryptography it needs, and is the only place that knows the library behind it:
// SM2 signatures and key wrapping (GB/T 32918, encodings of GM/T 0009), the SM3
// digest (GB/T 32905), HMAC-SM3 and SM4 in GCM mode (GB/T 32907, RFC 8998).
//
// It stops at primitives and PEM. Where keys come from and whose they are is the
// subpackage keys; HTTP message signatures are httpsig; encrypted payloads and
// data at rest are envelope.
//
// There are no choices at the call site: one curve, one user id, one signature
// form (DER) and one ciphertext form (DER, order C1 C3 C2). The software library
// is not a certified cryptographic module (GM/T 0028).
package smcrypto
