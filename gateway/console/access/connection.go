package access

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// LocalPerson is the name, in records, of who uses the console of a gateway on his own machine.
const LocalPerson = "local"

// Local takes whoever connects from this machine as one person with every role. It proves nobody: it is for trials, on a listener that
// nobody else can reach, and two persons it never has.
func Local() console.Access { return local{} }

type local struct{}

// Person implements [console.Access].
func (local) Person(r *http.Request) (console.Person, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	from, broken := netip.ParseAddr(host)
	if err != nil || broken != nil || !from.IsLoopback() {
		return console.Person{}, console.ErrStranger
	}
	return console.Person{ID: LocalPerson, Roles: []string{"viewer", "operator", "policyAuthor", "approver", "inspector"}}, nil
}

// Certificates takes who shows a client certificate that the listener has verified, by its subject as RFC 2253 writes it.
func Certificates(people map[string]console.Person) console.Access { return certificates{people} }

type certificates struct{ people map[string]console.Person }

// Person implements [console.Access].
func (c certificates) Person(r *http.Request) (console.Person, error) {
	if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 || len(r.TLS.VerifiedChains[0]) == 0 {
		return console.Person{}, console.ErrStranger
	}
	person, known := c.people[r.TLS.VerifiedChains[0][0].Subject.String()]
	if !known {
		return console.Person{}, console.ErrStranger
	}
	return person, nil
}
