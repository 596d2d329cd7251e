package specs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/specs"
)

func TestContractInOrder(t *testing.T) {
	t.Parallel()
	contract, err := specs.OpenAPIInOrder()
	if err != nil {
		t.Fatal(err)
	}
	if got := contract.At("components", "schemas", "Vehicle", "properties").Names(); !slices.Equal(got, []string{"plateType", "plateNumber"}) {
		t.Errorf("a vehicle's members: %v", got)
	}
	if got := contract.Names(); got[0] != "openapi" || got[1] != "info" {
		t.Errorf("the contract begins with %v", got)
	}
	text, err := contract.At("components", "examples", "PictureRequest", "value").JSON()
	if err != nil || !strings.HasPrefix(text, "{\n  \"subject\": {\n    \"name\": ") || strings.Index(text, `"violationId"`) > strings.Index(text, `"vehicle"`) {
		t.Errorf("%v: %s", err, text)
	}
	nowhere := contract.At("components", "nothing", "here")
	if text, err := nowhere.JSON(); text != "" || err != nil || len(nowhere.Names()) != 0 || len(contract.At("openapi").Names()) != 0 {
		t.Errorf("what isn't there: %q, %v", text, err)
	}
}
