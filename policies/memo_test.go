package policies

import (
	"strconv"
	"testing"
)

// TestMemoIsBounded: whoever makes up names fills no more than its room, and the last value put is there.
func TestMemoIsBounded(t *testing.T) {
	t.Parallel()
	var m memo[int]
	for i := range 2*remembered + 10 {
		m.put([]byte(strconv.Itoa(i)), i)
		if got, known := m.get([]byte(strconv.Itoa(i))); !known || got != i {
			t.Fatalf("%d is %d, known %v", i, got, known)
		}
		if len(m.values) > remembered {
			t.Fatalf("%d values are kept", len(m.values))
		}
	}
	if _, known := m.get([]byte("0")); known {
		t.Error("the first value is still there")
	}
}
