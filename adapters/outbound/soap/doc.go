// Package soap writes and reads the SOAP 1.1 messages of the services that police platforms run on Axis, or behind WCF: one
// operation with positional text arguments, one text that comes back. What the text says is its adapter's business. It
// guards against answers that are not what they claim to be, and its errors quote none of them.
package soap
