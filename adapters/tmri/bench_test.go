package tmri

import "testing"

// The envelope of a call with all its audit fields.
func BenchmarkWriteCall(b *testing.B) {
	call := demoCall(PortNew, queryNew)
	b.ReportAllocs()
	for b.Loop() {
		call.envelope()
	}
}
