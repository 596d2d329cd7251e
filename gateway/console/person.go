package console

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange/personal"
)

// Person is who uses the console. ID goes into records for years, so it is a name of the configuration or of the identity provider, and
// never a person's number.
type Person struct {
	ID    string
	Roles []string // as policies know them: viewer, operator, policyAuthor, approver, inspector
}

// personName is what can stand in records and logs: letters of any script, digits and a few marks, 1 to 64 of them.
var personName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$`)

// Nameable reports whether an id may stand for a person in records.
func Nameable(id string, now time.Time) bool {
	return personName.MatchString(id) && !personal.Holds(id, now)
}

// Access says who sends a request, from the connection that it came by.
type Access interface {
	// Person gives who sends it. Errors: [ErrStranger], [ErrElsewhere].
	Person(*http.Request) (Person, error)
}

// Entrance is a way in with pages of its own: a stranger is sent to where it is proved who he is, and comes back.
type Entrance interface {
	// Begin sends the visitor away; back is the page to come back to.
	Begin(w http.ResponseWriter, r *http.Request, back string) error
	// Finish reads the request by which the visitor came back. Errors: [ErrStranger] if it proves nothing.
	Finish(w http.ResponseWriter, r *http.Request) (p Person, back string, err error)
}

// Authority says what roles may do; the policies are one. An error is a refusal.
type Authority interface {
	May(ctx context.Context, roles []string, action string) error
}

// Errors of access.
var (
	ErrStranger  = errors.New("nobody proved who sends this")
	ErrElsewhere = errors.New("the request was meant for another host")
)
