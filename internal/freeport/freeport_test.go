package freeport

import (
	"net"
	"testing"
)

func TestWhatIsFoundCanBeBound(t *testing.T) {
	t.Parallel()
	addresses, err := On("127.0.0.1", 20)
	if err != nil || len(addresses) != 20 {
		t.Fatalf("%v, %v", addresses, err)
	}
	for _, address := range addresses { // each beside the others: none comes twice
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		if port := listener.Addr().(*net.TCPAddr).Port; port < lowest || port >= lowest+count {
			t.Errorf("port %d", port)
		}
	}
	if _, err := On("256.0.0.1", 1); err == nil {
		t.Error("found one on a host that is none")
	}
}
