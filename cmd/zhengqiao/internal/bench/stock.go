package bench

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// path of the operation that is measured.
const path = "/v1/licences/query"

// stock is a number of signed requests that differ in nonce, time and signature. Each is head, its own fields, tail.
type stock struct {
	head, tail []byte
	fields     []string
}

// request appends request i to buf, counted from 0 and around.
func (s *stock) request(buf []byte, i int) []byte {
	buf = append(buf, s.head...)
	buf = append(buf, s.fields[i%len(s.fields)]...)
	return append(buf, s.tail...)
}

// stocker signs requests for one gateway.
type stocker struct {
	host   string
	body   []byte
	signer *httpsig.Signer
}

func newStocker(gatewayURL string, body []byte, key httpsig.Key) (*stocker, error) {
	address, err := url.Parse(gatewayURL)
	if err != nil {
		return nil, err
	}
	signer, err := httpsig.NewSigner(keyID, key, time.Now, rand.Reader)
	return &stocker{host: address.Host, body: body, signer: signer}, err
}

// stock signs n requests on all processors. They are good for a minute.
func (s *stocker) stock(n int) (*stock, error) {
	made := &stock{head: s.head(), tail: append([]byte("\r\n"), s.body...), fields: make([]string, n)}
	workers := runtime.GOMAXPROCS(0)
	var group errgroup.Group
	for w := range workers {
		group.Go(func() (err error) {
			for i := w; i < n && err == nil; i += workers {
				made.fields[i], err = s.sign()
			}
			return err
		})
	}
	return made, group.Wait()
}

func (s *stocker) head() []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept-Language: zh-CN\r\nContent-Length: %s\r\n",
		path, s.host, strconv.Itoa(len(s.body)))
}

// sign gives the three fields of one signature (RFC 9421, RFC 9530) as they stand in a request.
func (s *stocker) sign() (string, error) {
	header := http.Header{}
	if _, err := s.signer.SignRequest(&httpsig.Request{
		Method: http.MethodPost, Scheme: "http", Authority: s.host, Path: path, Header: header, Body: s.body,
	}); err != nil {
		return "", err
	}
	text := ""
	for _, name := range []string{httpsig.HeaderDigest, httpsig.HeaderInput, httpsig.HeaderSignature} {
		text += name + ": " + header.Get(name) + "\r\n"
	}
	return text, nil
}
