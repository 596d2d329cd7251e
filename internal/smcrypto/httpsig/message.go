package httpsig

import (
	"net/http"
	"strconv"
	"strings"
)

// Request is what the profile needs of an HTTP request.
type Request struct {
	// Method in upper case, as on the wire.
	Method string
	// Scheme is "http" or "https" as the client saw it: it decides which port is
	// the default one that "@authority" leaves out. Empty means http.
	Scheme string
	// Authority is the Host field or :authority, with a port if there is one.
	Authority string
	// Path is the raw path, still percent-encoded exactly as on the wire.
	Path string
	// RawQuery is the raw query without its question mark.
	RawQuery string
	// Header holds the fields under their canonical names; signing sets three.
	Header http.Header
	// Body is the whole content as sent, after any encryption.
	Body []byte
}

// FromHTTP takes a request apart, on either side of the connection. The body is
// handed over because reading it, and how much of it, is the caller's decision.
// The header is shared with r, not copied.
func FromHTTP(r *http.Request, body []byte) Request {
	path, query := target(r)
	return Request{
		Method:    r.Method,
		Scheme:    scheme(r),
		Authority: authority(r),
		Path:      path,
		RawQuery:  query,
		Header:    r.Header,
		Body:      body,
	}
}

// target returns path and query as they stand on the wire. A server sees them in
// the request line, before any decoding and encoding again; a client in the URL.
func target(r *http.Request) (path, query string) {
	if strings.HasPrefix(r.RequestURI, "/") {
		path, query, _ = strings.Cut(r.RequestURI, "?")
		return path, query
	}
	return r.URL.EscapedPath(), r.URL.RawQuery
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return r.URL.Scheme
}

func authority(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// value implements message for the components of a request (RFC 9421 section 2.2).
func (r *Request) value(c component) (string, error) {
	if c.req {
		return "", ErrComponents
	}
	switch c.name {
	case "@method":
		return r.Method, nil
	case "@authority":
		return normalAuthority(r.Scheme, r.Authority), nil
	case "@path":
		return orSlash(r.Path), nil
	case "@query":
		return "?" + r.RawQuery, nil
	default:
		return fieldValue(r.Header, c)
	}
}

// Response is what the profile needs of an answer.
type Response struct {
	// Status is the three-digit status code.
	Status int
	// Header holds the fields under their canonical names; signing sets three.
	Header http.Header
	// Body is the whole content as sent.
	Body []byte
	// Request is the header of the request that is answered; its Signature line
	// ties the answer to it.
	Request http.Header
}

// FromHTTPResponse takes a client's answer apart, together with the header of the
// request that it answers as it was sent. The headers are shared, not copied.
func FromHTTPResponse(r *http.Response, body []byte) Response {
	return Response{Status: r.StatusCode, Header: r.Header, Body: body, Request: r.Request.Header}
}

// value implements message for the components of a response, those of its
// request included (RFC 9421 section 2.4).
func (r *Response) value(c component) (string, error) {
	switch {
	case c.req:
		return fieldValue(r.Request, c)
	case c.name == "@status":
		return strconv.Itoa(r.Status), nil
	default:
		return fieldValue(r.Header, c)
	}
}

// normalAuthority is lower case and without the scheme's default port (RFC 9421
// section 2.2.3 with RFC 9110 section 4.2.3).
func normalAuthority(scheme, authority string) string {
	port := ":80"
	if strings.EqualFold(scheme, "https") {
		port = ":443"
	}
	return strings.TrimSuffix(strings.ToLower(authority), port)
}

// orSlash: an empty path is "/" (RFC 9421 section 2.2.6).
func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}
