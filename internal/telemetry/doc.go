// Package telemetry follows a request or a change on its way through the gateway and sends what it saw to a collector, as OpenTelemetry
// traces by OTLP over HTTP. It alone knows the OpenTelemetry SDK. Every other package is followed from outside, by wrapping the
// interfaces that it declares, so that a gateway without a collector runs as if this package did not exist: all methods of a nil
// [*Tracer] are good, and give back what they were given.
//
// A span says which step it was, how long it took and how it ended, by names of the configuration and codes of the catalogue. It never
// holds a path, a query string, an error text, a pseudonym or anything that a caller wrote, but the trace id, which is held to the form
// of the standard (W3C Trace Context) and must not look like a personal number. It stops at traces: counts and their exemplars are the
// business of who counts.
package telemetry
