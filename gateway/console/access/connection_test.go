package access_test

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/access"
)

func TestLocalIsThisMachine(t *testing.T) {
	t.Parallel()
	for from, known := range map[string]bool{
		"127.0.0.1:4000": true, "[::1]:4000": true, "10.0.0.1:4000": false, "[2001:db8::1]:4000": false, "": false, "127.0.0.1": false, "localhost:1": false,
	} {
		person, err := access.Local().Person(&http.Request{RemoteAddr: from})
		if (err == nil) != known || known && (person.ID != access.LocalPerson || len(person.Roles) != 5) {
			t.Errorf("%s: %+v, %v", from, person, err)
		}
	}
}

func TestCertificatesBySubject(t *testing.T) {
	t.Parallel()
	ways := access.Certificates(map[string]console.Person{"CN=li.wei,O=省数据局": {ID: "li.wei", Roles: []string{"operator"}}})
	shown := func(subject pkix.Name) *tls.ConnectionState {
		leaf := &x509.Certificate{Subject: subject}
		return &tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf}, VerifiedChains: [][]*x509.Certificate{{leaf}}}
	}
	li := pkix.Name{CommonName: "li.wei", Organization: []string{"省数据局"}}
	if person, err := ways.Person(&http.Request{TLS: shown(li)}); err != nil || person.ID != "li.wei" {
		t.Errorf("li.wei: %+v, %v", person, err)
	}
	unverified := shown(li)
	unverified.VerifiedChains = nil
	for name, state := range map[string]*tls.ConnectionState{
		"plain": nil, "no certificate": {}, "not verified": unverified, "somebody else": shown(pkix.Name{CommonName: "li.wei"}),
		"another office": shown(pkix.Name{CommonName: "li.wei", Organization: []string{"省数据局", "x"}}),
	} {
		if _, err := ways.Person(&http.Request{TLS: state}); !errors.Is(err, console.ErrStranger) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
