package keys

import "bytes"

// Text loads a secret that is a text, such as a platform's access key, without the
// white space around it. The file is held to the same rule as a private key.
func (f Files) Text(reference string) (string, error) {
	text, err := f.read(reference, true)
	if err != nil {
		return "", err
	}
	defer clear(text)
	return string(bytes.TrimSpace(text)), nil
}
