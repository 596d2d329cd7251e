package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/people"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// policyPublishCommands are the commands that carry policies from their author to a gateway.
func policyPublishCommands() []*cobra.Command {
	return []*cobra.Command{policyPackCommand(), policySignCommand(), policyApproveCommand(), policyVerifyCommand(), policyPublishCommand(), policyRollbackCommand(), policyRevisionsCommand()}
}

// signing is how a command signs: as whom, by which key.
type signing struct {
	as, keyID, key string
}

func (s *signing) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&s.as, "as", "", "your id, one of the configuration's policies.authors or policies.approvers (required)")
	flags.StringVar(&s.keyID, "key-id", "", "the id of your key in the configuration; default ID-1")
	flags.StringVar(&s.key, "key", "", "your private key; default keys/ID.key.pem")
	_ = command.MarkFlagRequired("as")
}

// pen loads the key to sign with.
func (s *signing) pen() (people.Pen, string, error) { return s.penBeside("") }

// penBeside loads it from beside a gateway's configuration.
func (s *signing) penBeside(folder string) (people.Pen, string, error) {
	key, err := (keys.Files{Root: folder}).PrivateKey("file:" + orDefault(s.key, keyFile(s.as)))
	return people.Pen{Key: key, Random: rand.Reader}, orDefault(s.keyID, s.as+"-1"), err
}

// maxReport bounds an impact report on its way into a digest.
const maxReport = 64 << 20

// readBundle reads a bundle file.
func readBundle(path string) (*publish.Bundle, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b, err := publish.Read(file, smcrypto.NewSM3)
	return b, refusedByPolicy(path, err)
}

// refusedByPolicy gives a refusal the exit code of policies that are not in order, and its words in both languages.
func refusedByPolicy(path string, err error) error {
	if err == nil {
		return nil
	}
	if text := textOf(err); text != "" {
		return policyFault(fmt.Errorf("%s: %w\n%s", path, err, text))
	}
	return fmt.Errorf("%s: %w", path, err)
}

// writeBundle replaces a file whole: a gateway that watches it sees the old one or the new one.
func writeBundle(path string, b *publish.Bundle) error {
	packed, err := b.Encode()
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".bundle-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = io.Copy(temporary, bytes.NewReader(packed))
	if err == nil {
		err = temporary.Sync()
	}
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), 0o644)
	}
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// rehearseHere tries a candidate out on this machine, as a gateway will.
func rehearseHere(command *cobra.Command, before, candidate publish.Files) (publish.Verdict, error) {
	program, err := os.Executable()
	if err != nil {
		return publish.Verdict{}, err
	}
	return rehearsal.NewStage(program, rehearsal.DefaultLimits(), nil).Rehearse(command.Context(), before, candidate)
}

// describe tells people what they are about to sign.
func describe(out io.Writer, b *publish.Bundle) {
	s := &b.Statement
	fmt.Fprintf(out, "revision   %s\ncontent    %s\nauthor     %s, packed %s\nnote       %s\nbase       %s\ntests      %d passed, %.1f %% of the lines of rules\n",
		s.Revision, s.Content, s.Author, s.Packed.Format(time.RFC3339), s.Note, orDefault(s.Base, "-"), s.Trial.Tests, s.Trial.Coverage)
	if s.Impact != nil {
		fmt.Fprintf(out, "impact     report %s, widens: %s\n", s.Impact.Report, yesNo(s.Impact.Widens))
	}
	fmt.Fprintf(out, "widens     %s: %d approval(s) needed\n", yesNo(s.Trial.Widens), publish.Need(s.Trial.Widens))
	for _, gain := range s.Trial.Gains {
		fmt.Fprintf(out, "  + %s\n", gain)
	}
	fmt.Fprintf(out, "approved   %v\n", b.Approvers())
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
