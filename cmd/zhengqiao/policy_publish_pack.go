package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

type policyPack struct {
	signing
	out, base, note, impact string
}

func policyPackCommand() *cobra.Command {
	var p policyPack
	command := &cobra.Command{
		Use:   "pack [DIR]",
		Short: "check, test and compare a folder, and make a draft bundle of it, signed by its author",
		Long: "Runs all that `policy check` and `policy test` run, in a process of bounded memory and time as a gateway will, and compares with the\n" +
			"base. What comes out is one file to be approved by others: `policy approve`. The same content has the same revision on every machine.",
		Args: cobra.MaximumNArgs(1),
		RunE: p.run,
	}
	p.flags(command)
	flags := command.Flags()
	flags.StringVar(&p.out, "out", "policies.bundle", "the file to write")
	flags.StringVar(&p.base, "base", "", "what to compare with: a folder or a bundle; default: the policies inside this program")
	flags.StringVar(&p.note, "note", "", "what the change is for, in one line (required)")
	flags.StringVar(&p.impact, "impact", "", "a report of `policy impact --format json` to tie to the bundle")
	_ = command.MarkFlagRequired("note")
	return command
}

func (p *policyPack) run(command *cobra.Command, args []string) error {
	dir, err := policyDir(args)
	if err != nil {
		return err
	}
	files, err := publish.FromFolder(os.DirFS(dir))
	if err != nil {
		return policyFault(err)
	}
	base, err := baseFiles(p.base)
	if err != nil {
		return err
	}
	statement := publish.NewStatement(files, smcrypto.NewSM3, p.as, base.Revision(smcrypto.NewSM3), p.note, time.Now())
	verdict, err := rehearseHere(command, base, files)
	if err != nil {
		return refusedByPolicy(dir, err)
	}
	statement.Trial = verdict.Trial
	if statement.Impact, err = readImpact(p.impact, statement.Revision); err != nil {
		return err
	}
	return p.write(command, files, statement)
}

func (p *policyPack) write(command *cobra.Command, files publish.Files, statement publish.Statement) error {
	b, err := publish.Pack(files, statement, smcrypto.NewSM3)
	if err != nil {
		return policyFault(err)
	}
	pen, keyID, err := p.pen()
	if err != nil {
		return err
	}
	if err := b.Sign(publish.Author, p.as, keyID, pen); err != nil {
		return err
	}
	if err := writeBundle(p.out, b); err != nil {
		return err
	}
	describe(command.OutOrStdout(), b)
	fmt.Fprintf(command.OutOrStdout(), "draft      %s; next: zhengqiao policy approve %s --as SOMEBODY-ELSE\n", p.out, p.out)
	return nil
}

// baseFiles reads what a draft is compared with.
func baseFiles(path string) (publish.Files, error) {
	if path == "" {
		return publish.FromFolder(policies.Embedded())
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return publish.FromFolder(os.DirFS(path))
	}
	b, err := readBundle(path)
	if err != nil {
		return nil, err
	}
	return b.Files, nil
}

// readImpact ties a report on recorded decisions to a draft. One about another revision says nothing of this one.
func readImpact(path, revision string) (*publish.Impact, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxReport+1))
	if err == nil && len(content) > maxReport {
		err = errors.New("too large")
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var report struct {
		Candidate string `json:"candidate"`
		Widens    bool   `json:"widens"`
	}
	if err := json.Unmarshal(content, &report); err != nil {
		return nil, fmt.Errorf("%s is no report of `zhengqiao policy impact --format json`: %w", path, err)
	}
	if report.Candidate != revision {
		return nil, policyFaultf("%s is about revision %s, the draft is %s", path, report.Candidate, revision)
	}
	digest := smcrypto.SM3(content)
	return &publish.Impact{Report: hex.EncodeToString(digest[:]), Widens: report.Widens}, nil
}
