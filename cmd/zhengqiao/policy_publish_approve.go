package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

func policyApproveCommand() *cobra.Command {
	return countersign(publish.Approver, &cobra.Command{
		Use:   "approve BUNDLE",
		Short: "sign a bundle as somebody else than its author, after trying it out and comparing it here",
		Long: "Shows what is signed, tries the bundle out on this machine and computes anew what it widens, whatever the author says. The signature is\n" +
			"over exactly this revision and statement: a later edit makes another one, which needs approval of its own.",
	})
}

func policySignCommand() *cobra.Command {
	return countersign(publish.Author, &cobra.Command{
		Use:   "sign BUNDLE",
		Short: "sign a candidate that the console made of your draft, as its author, after trying it out and comparing it here",
		Long: "The console holds nobody's private key: it gives the candidate to be downloaded, with what is in force to compare with (--base), and takes\n" +
			"the signed bundle back. `policy pack` signs what it packs itself, so that bundles of its own need no other signature of their author.",
	})
}

// countersign makes a command by which somebody signs what lies before him, once it proved to be in order here.
func countersign(role publish.Role, command *cobra.Command) *cobra.Command {
	var s signing
	base, out := "", ""
	command.Args = cobra.ExactArgs(1)
	command.RunE = func(command *cobra.Command, args []string) error {
		b, err := readBundle(args[0])
		if err != nil {
			return err
		}
		before, err := baseFiles(base)
		if err != nil {
			return err
		}
		if err := comparedWith(b, before); err != nil {
			return err
		}
		verdict, err := rehearseHere(command, before, b.Files)
		if err != nil {
			return refusedByPolicy(args[0], err)
		}
		pen, keyID, err := s.pen()
		if err != nil {
			return err
		}
		if err := b.Sign(role, s.as, keyID, pen); err != nil {
			return refusedByPolicy(args[0], err)
		}
		shown := *b
		shown.Statement.Trial = verdict.Trial
		describe(command.OutOrStdout(), &shown)
		return writeBundle(orDefault(out, args[0]), b)
	}
	s.flags(command)
	command.Flags().StringVar(&base, "base", "", "what the author compared with: a folder or a bundle; default: the policies inside this program")
	command.Flags().StringVar(&out, "out", "", "the file to write; default: the bundle itself")
	return command
}

// comparedWith wants the base that the author's statement names: what is shown as widening nothing against another one may widen a lot.
func comparedWith(b *publish.Bundle, base publish.Files) error {
	if revision := base.Revision(smcrypto.NewSM3); revision != b.Statement.Base {
		return policyFaultf("the author compared with revision %s, and this would be compared with %s: name the folder or bundle of the first "+
			"with --base / 比对基准与作者所用不同，请用 --base 指明", b.Statement.Base, revision)
	}
	return nil
}

func policyVerifyCommand() *cobra.Command {
	path := ""
	command := &cobra.Command{
		Use:   "verify BUNDLE",
		Short: "check a bundle's form, digests and signatures against the people of a configuration, and show what it says",
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			b, err := readBundle(args[0])
			if err != nil {
				return err
			}
			describe(command.OutOrStdout(), b)
			settings, err := config.Load(path, os.Environ())
			if err != nil {
				return err
			}
			people, err := app.People(settings)
			if err != nil {
				return config.InFile(path, err)
			}
			if err := b.Verify(people, time.Now()); err != nil {
				return refusedByPolicy(args[0], err)
			}
			if err := b.Approved(people, b.Statement.Trial.Widens, nil); err != nil {
				return refusedByPolicy(args[0], err)
			}
			fmt.Fprintln(command.OutOrStdout(), "signatures in order; a gateway still tries it out and computes itself what it widens / 签名有效")
			return nil
		},
	}
	command.Flags().StringVar(&path, "config", "zhengqiao.yaml", "the gateway's configuration, which lists authors and approvers")
	return command
}

// textOf gives a refusal's words in both languages, "" if there are none.
func textOf(err error) string {
	refusal, ok := errors.AsType[*publish.Refusal](err)
	if !ok {
		return ""
	}
	text := refusal.Text()
	return text.ZH + " " + text.EN
}
