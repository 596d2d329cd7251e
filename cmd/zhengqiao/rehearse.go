package main

import (
	"os"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// rehearsing says whether the program was started to try policies out. It is no command: nobody but the program itself starts it so, and
// nothing else of the program runs then.
func rehearsing() bool { return len(os.Args) == 2 && os.Args[1] == rehearsal.Argument }

func rehearse() { os.Exit(rehearsal.Child(os.Stdin, os.Stdout, smcrypto.NewSM3)) }
