// Package suishenban asks Shanghai (随申办, 一网通办) for driving licences, as certificates of the city's electronic certificate
// library (上海市电子证照库): log in, ask whether the person holds the certificate, read its original data. It tells the library
// of licence changes within the same sessions, and reads the signed messages by which 随申办 tells of its own. Each call says who
// asks in which matter and case, and these fields come from the query's or notice's purpose. The shapes are assumptions S1, S3 and
// S4, the certificate's catalogue code S2. It stops at the licence, the notice and the report: sign-on, images and watermarked
// copies are others' business.
//
// The library doesn't sign the body: what protects it is TLS on this leg and the gateway's own signature on the next.
package suishenban
