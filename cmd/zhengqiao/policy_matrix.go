package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

type policyMatrix struct {
	format, platform string
	check            bool
}

func policyMatrixCommand() *cobra.Command {
	var p policyMatrix
	command := &cobra.Command{
		Use:   "matrix [DIR]",
		Short: "print who sees what: platform by purpose, assurance and region; or hold it against matrix/*.yaml",
		Args:  cobra.MaximumNArgs(1),
		RunE:  p.run,
	}
	flags := command.Flags()
	flags.StringVar(&p.format, "format", "table", "table, markdown, csv, html, or yaml (with --platform) to begin a file of matrix/ with")
	flags.StringVar(&p.platform, "platform", "", "of yaml: the platform")
	flags.BoolVar(&p.check, "check", false, "print only what is not as matrix/*.yaml says; what is not listed there is expected hidden")
	return command
}

func (p *policyMatrix) run(command *cobra.Command, args []string) error {
	opened, err := openPolicyFolder(args)
	if err != nil {
		return err
	}
	program, err := trial.New(command.Context(), opened.Draft, nil)
	if err != nil {
		return policyFault(err)
	}
	m, err := matrix.Compute(command.Context(), program)
	if err != nil {
		return policyFault(err)
	}
	if p.check {
		return checkMatrix(command.OutOrStdout(), opened, m)
	}
	return p.print(command.OutOrStdout(), opened.Draft.Revision(), m)
}

func checkMatrix(out io.Writer, opened *folder.Folder, m *matrix.Matrix) error {
	differences := opened.Book.Differences(m)
	for _, difference := range differences {
		fmt.Fprintln(out, difference)
	}
	if len(differences) > 0 {
		return policyFaultf("%s from the matrix", plural(len(differences), "difference"))
	}
	fmt.Fprintln(out, "all is seen as the matrix says / 可见范围与矩阵一致")
	return nil
}

func (p *policyMatrix) print(out io.Writer, revision string, m *matrix.Matrix) error {
	switch p.format {
	case "table":
		return m.WriteTable(out)
	case "markdown":
		return m.WriteMarkdown(out)
	case "csv":
		return m.WriteCSV(out)
	case "html":
		return m.WriteHTML(out, revision)
	case "yaml":
		if p.platform == "" {
			return fmt.Errorf("--format yaml writes one platform's file: name it by --platform")
		}
		return m.WriteSheet(out, p.platform)
	}
	return fmt.Errorf("%q is no format: want table, markdown, csv, html or yaml", p.format)
}
