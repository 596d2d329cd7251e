package citizen_test

import (
	"testing"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

func BenchmarkNew200(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		dataSet(b, 1, asOf(), 200)
	}
}

func BenchmarkLicenceRow(b *testing.B) {
	person, _ := dataSet(b, 1, asOf(), 0).Persona("normal-shanghai")
	b.ReportAllocs()
	for b.Loop() {
		person.LicenceRow()
	}
}

func BenchmarkPicture(b *testing.B) {
	camera := citizen.CameraViolation{Serial: "3301020027861044"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := camera.Picture(); err != nil {
			b.Fatal(err)
		}
	}
}
