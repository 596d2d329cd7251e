package policies

import (
	"embed"
	"io/fs"
)

//go:embed *.rego data/*.yaml schema/*.json
var embedded embed.FS

// Embedded gives the policies that the program was built with. An [os.DirFS] with the same layout can take their place.
func Embedded() fs.FS { return embedded }
