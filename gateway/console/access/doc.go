// Package access proves who visits the console: everybody on this machine as one person (for trials), the holder of a client certificate,
// or whom an OpenID Connect provider vouches for. What a person may do is for the policies to say; here he only gets his roles.
package access
