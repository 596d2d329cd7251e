package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
)

// exitPolicy is the exit code for policies that are not in order: a finding, a failed test, a difference, a survivor.
const exitPolicy = 8

func policyCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "policy",
		Short: "write and test policies, all offline",
		Long: "Tools for policy authors (docs/policy-authors.md). All of them read a folder of the layout of policies/ and need no gateway and no\n" +
			"network. DIR is ./policies unless given, or the current folder if that holds policies.\n\n" +
			"Exit codes: 0 in order; 1 could not be done; 8 the policies are not in order.",
	}
	command.AddCommand(policyCheckCommand(), policyFmtCommand(), policyNewRuleCommand(), policyEvalCommand(), policyTestCommand(),
		policyMatrixCommand(), policyMutateCommand(), policyImpactCommand(), policyInputsCommand(), policyShadowCommand(), policyExplainCommand())
	command.AddCommand(policyPublishCommands()...)
	return command
}

// usualPolicyDir is where a project keeps its policies.
const usualPolicyDir = "policies"

// policyDir gives the folder that a command is about.
func policyDir(args []string) (string, error) {
	dir := usualPolicyDir
	if len(args) > 0 {
		dir = args[0]
	} else if !holdsPolicies(dir) && holdsPolicies(".") {
		dir = "."
	}
	if !holdsPolicies(dir) {
		return "", fmt.Errorf("folder %s holds no policies (*.rego)", dir)
	}
	return dir, nil
}

func holdsPolicies(dir string) bool {
	rules, err := fs.Glob(os.DirFS(dir), "*.rego")
	return err == nil && len(rules) > 0
}

// openPolicyFolder reads the folder that a command is about.
func openPolicyFolder(args []string) (*folder.Folder, error) {
	dir, err := policyDir(args)
	if err != nil {
		return nil, err
	}
	opened, err := folder.Open(os.DirFS(dir), smcrypto.NewSM3)
	if err != nil {
		return nil, policyFault(fmt.Errorf("%w\n(zhengqiao policy check %s says more)", err, dir))
	}
	return opened, nil
}

// policyFault is an error of the policies, not of the tool.
func policyFault(err error) error { return codedError{exitPolicy, err} }

func policyFaultf(format string, args ...any) error { return policyFault(fmt.Errorf(format, args...)) }

// writeTo writes to a file whole, or to nothing.
func writeTo(path string, write func(*os.File) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
