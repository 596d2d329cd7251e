package exchange

import (
	"context"
	"strings"
	"testing"
)

// panicking is an adapter that stumbles over what its platform sent.
type panicking struct{}

func (panicking) Licence(context.Context, SourceRequest) (Sighting[Licence], error) {
	panic("index out of range near 11010519491231002X")
}

func TestPanicOfAnAdapterIsRecorded(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.Routes = Routes{{Region: National, Sources: []*Source{{ID: "first", Licences: panicking{}}}}}
	answer, err := b.Query(t.Context(), query(t))
	b.refused(t, answer, err, Internal)
	if strings.Contains(err.Error(), "11010519491231002X") {
		t.Error("the error repeats what the panic said")
	}
	if !strings.Contains(err.Error(), "panicking") {
		t.Errorf("the error does not say where: %v", err)
	}
}
