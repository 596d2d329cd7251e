package httpsig

// Explain returns the signature base of a request for the one label in its
// Signature-Input, whatever components that names: what the signer should have
// signed. It proves nothing and is made for people who look for the difference.
func Explain(r Request) (string, error) {
	return explain(r.Header[HeaderInput], &r)
}

// ExplainResponse is [Explain] for an answer.
func ExplainResponse(r Response) (string, error) {
	return explain(r.Header[HeaderInput], &r)
}

func explain(lines []string, m message) (string, error) {
	in, err := parseInput(lines)
	if err != nil {
		return "", err
	}
	base, err := in.base(m)
	return string(base), err
}
