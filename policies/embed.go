package policies

import (
	"embed"
	"io/fs"
)

//go:embed *.rego data/*.yaml schema/*.json cases/*.yaml matrix/*.yaml
var embedded embed.FS

// Embedded gives the policies that the program was built with, and what holds them to their purpose: tests, cases and matrix.
// An [os.DirFS] with the same layout can take their place.
func Embedded() fs.FS { return embedded }
