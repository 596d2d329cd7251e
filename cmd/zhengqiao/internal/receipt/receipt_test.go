package receipt_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/receipt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What a whole record says about a whole answer is proved with a real gateway, in the tests of the command.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "[]", "{}", `{"a":1,"receipt":{}}`, `{"receipt":{"index":1}}`, `{"a":1,"receipt":{"index":-1}}`, `{"a":1,"receipt":{"index":1}`} {
		if _, err := receipt.Read([]byte(body)); !errors.Is(err, receipt.ErrNoReceipt) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"licence":{"points":3},"decision":{"id":"q-1"},"receipt":{"log":"records","index":1,"digest":"00"}}`))
	f.Add([]byte(`{"code":"source-down","instance":"urn:uuid:1","receipt":{"log":"records","index":1,"digest":"00"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if a, err := receipt.Read(body); err == nil && a.Receipt.Index == nil {
			t.Error("an answer without an index was read")
		}
	})
}
