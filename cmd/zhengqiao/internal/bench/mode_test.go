package bench

import "testing"

// Only the whole path leaves nothing out, and a mode that nobody knows is no gateway at all.
func TestModesLeaveOutWhatTheySay(t *testing.T) {
	t.Parallel()
	whole, err := Whole.parts()
	if err != nil || whole.Verifier != nil || whole.Signer != nil || whole.Recorder != nil {
		t.Errorf("the whole path leaves something out: %+v, %v", whole, err)
	}
	bare, err := Bare.parts()
	if err != nil || bare.Verifier == nil || bare.Signer == nil || bare.Recorder == nil {
		t.Errorf("bare keeps something: %+v, %v", bare, err)
	}
	for _, mode := range []Mode{Proxy, "", "other"} {
		if _, err := mode.parts(); err == nil {
			t.Errorf("there is a gateway in mode %q", mode)
		}
	}
}
