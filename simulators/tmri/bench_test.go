package tmri

import "testing"

func BenchmarkLicence(b *testing.B) {
	bundle := setup(b)
	body := newCall(serial, "02C06", queryDocument("sfzmhm", bundle.id(b, "normal-shanghai")))
	b.ReportAllocs()
	for b.Loop() {
		if answer := bundle.post(PathNew, body); answer.Code != 200 {
			b.Fatal(answer.Body)
		}
	}
}
