package webhook

import (
	"crypto/rand"
	"net/http"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// BenchmarkMessage writes and signs one event, all that an attempt costs besides the connection.
func BenchmarkMessage(b *testing.B) {
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	signed := signer{keys: []*smcrypto.PrivateKey{key}, clock: time.Now, random: rand.Reader}
	notice := adaptertest.Sample(exchange.Subject{}, time.Unix(1795482000, 0))
	for _, content := range []string{ContentThin, ContentFull} {
		b.Run(content, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				id, body, err := write(notice, content)
				if err == nil {
					err = signed.attempt(id, body)(http.Header{})
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
