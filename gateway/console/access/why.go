package access

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/oauth2"

	"github.com/zhengqiao/zhengqiao/gateway/console"
)

func stranger(why string) error { return fmt.Errorf("%w: %s", console.ErrStranger, why) }

// refused says whose fault it is that a code brought no token (RFC 6749, 5.2): the visitor's, such as invalid_grant, or none of his,
// where the provider refuses this console or does not answer as it should.
func refused(err error) error {
	answer, ok := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case !ok:
		return fmt.Errorf("%w: exchange the code: %s", errProvider(), clipped(err.Error()))
	case answer.ErrorCode == "" || answer.ErrorCode == "invalid_client" || answer.ErrorCode == "unauthorized_client":
		return fmt.Errorf("%w: exchange the code: status %d, %s", errProvider(), statusOf(answer), told(answer.ErrorCode, answer.ErrorDescription))
	}
	return stranger("the code was not taken: " + told(answer.ErrorCode, answer.ErrorDescription))
}

func statusOf(answer *oauth2.RetrieveError) int {
	if answer.Response == nil {
		return 0
	}
	return answer.Response.StatusCode
}

// told gives what a provider says of an error, for the log.
func told(code, description string) string {
	if code == "" {
		return "without saying why"
	}
	return clipped(strings.TrimSpace(code + " " + description))
}

// mostTold bounds what the log takes over of somebody else's words, in characters.
const mostTold = 200

// clipped gives the beginning of a foreign text, in one line.
func clipped(text string) string {
	runes := []rune(strings.ToValidUTF8(text, "?"))
	if len(runes) > mostTold {
		runes = append(runes[:mostTold], '…')
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, string(runes))
}
