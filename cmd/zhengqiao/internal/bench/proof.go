package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// prover holds sampled answers of the whole path to what they must be: signed for their request, with a licence and the
// receipt of a durable record.
type prover struct{ verifier *httpsig.AnswerVerifier }

// gatewayKeyID is the one in the demo's configuration.
const gatewayKeyID = "gateway-1"

func newProver(dir string) (*prover, error) {
	public, err := keys.Files{Root: dir}.PublicKey("file:" + filepath.Join("keys", "gateway.pub.pem"))
	if err != nil {
		return nil, err
	}
	return proverOf(public)
}

func proverOf(public *smcrypto.PublicKey) (*prover, error) {
	ring, err := keys.NewRing(keys.Record{ID: gatewayKeyID, Party: client.GatewayParty, Algorithm: keys.AlgorithmSign, Key: public})
	if err != nil {
		return nil, err
	}
	verifier, err := httpsig.NewAnswerVerifier(ring, client.GatewayParty, time.Now)
	return &prover{verifier}, err
}

// all verifies every sample and says how many there were.
func (p *prover) all(from *stock, samples []sample) (int, error) {
	for _, s := range samples {
		if err := p.one(from.request(nil, s.request), s.answer); err != nil {
			return 0, fmt.Errorf("the answer to request %d: %w", s.request, err)
		}
	}
	return len(samples), nil
}

func (p *prover) one(request, answer []byte) error {
	asked, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request)))
	if err != nil {
		return err
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(answer)), asked)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if _, err := p.verifier.Verify(httpsig.FromHTTPResponse(response, body)); err != nil {
		return err
	}
	return complete(body)
}

// complete makes sure that it was the whole work that was measured.
func complete(body []byte) error {
	var answer struct {
		Licence map[string]any `json:"licence"`
		Receipt struct {
			Index  *uint64 `json:"index"`
			Digest string  `json:"digest"`
		} `json:"receipt"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if len(answer.Licence) == 0 || answer.Receipt.Index == nil || answer.Receipt.Digest == "" {
		return errors.New("it has no licence, or no receipt")
	}
	return nil
}
