package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/receipt"
)

// exitMismatch is the exit code of records verify when receipt, record and answer do not belong together.
const exitMismatch = 5

// maxKeptBytes bounds an answer that a platform kept; a picture is the largest.
const maxKeptBytes = 8 << 20

func recordsVerifyCommand(path, log *string) *cobra.Command {
	kept := ""
	command := &cobra.Command{
		Use:   "verify --receipt FILE",
		Short: "hold an answer or a problem that a platform kept against the record that its receipt names",
		Long: "Reads an answer or a problem, as received (after decryption) or as call printed it, and looks up the record of its receipt.\n" +
			"Exit code 0: they belong together, and the platform signed the question; 5: they don't.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			answer, err := readKept(command, kept)
			if err != nil {
				return err
			}
			return withArchive(command.Context(), *path, cmp.Or(*log, answer.Receipt.Log), func(archive *app.Archive) error { return verifyKept(command, answer, archive) })
		},
	}
	command.Flags().StringVar(&kept, "receipt", "", "file with the answer or problem, - for standard input (required)")
	_ = command.MarkFlagRequired("receipt")
	return command
}

func readKept(command *cobra.Command, path string) (*receipt.Answer, error) {
	from := command.InOrStdin()
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	body, err := io.ReadAll(io.LimitReader(from, maxKeptBytes))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return receipt.Read(body)
}

func verifyKept(command *cobra.Command, answer *receipt.Answer, archive *app.Archive) error {
	findings, err := receipt.Verify(command.Context(), answer, archive, archive.Callers)
	if err != nil {
		return codedError{exitMismatch, err}
	}
	wrong := false
	for _, finding := range findings {
		mark := "yes"
		if !finding.OK {
			mark, wrong = "NO ", true
		}
		fmt.Fprintln(command.OutOrStdout(), mark, finding.Text)
	}
	if wrong {
		return codedError{exitMismatch, errors.New("receipt, record and answer do not belong together")}
	}
	return nil
}
