// Package source fetches bundles from where others put them: a file, or any web server that OPA's bundle protocol works with (GET with
// If-None-Match, 304 for nothing new). It stops at bytes of bounded size: what they are worth is found out by the package publish, and
// a source is trusted with nothing but saying them.
package source
