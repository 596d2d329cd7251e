package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/evidence"
)

func recordsCommand() *cobra.Command {
	path, log := "", ""
	command := &cobra.Command{
		Use:   "records",
		Short: "read the durable records of a gateway that is stopped: who asked what, why, and what was shown",
		Long: "Reads the journal that the configuration names. A running gateway holds it: stop it, or point journal.dir at a cold copy.\n" +
			"A cluster or an outside journal is read while it runs.",
	}
	command.PersistentFlags().StringVar(&path, "config", "zhengqiao.yaml", "the gateway's configuration, for its journal and keys")
	command.PersistentFlags().StringVar(&log, "log", "", "the log to read, as in a receipt; by default the one that this gateway writes, for verify the receipt's")
	command.AddCommand(recordsShowCommand(&path, &log), recordsListCommand(&path, &log), recordsVerifyCommand(&path, &log))
	return command
}

// withArchive opens the records, uses them and closes them.
func withArchive(ctx context.Context, path, log string, use func(*app.Archive) error) error {
	settings, err := config.Load(path, os.Environ())
	if err != nil {
		return err
	}
	archive, err := app.OpenArchive(ctx, settings, log)
	if err != nil {
		return config.InFile(path, err)
	}
	return errors.Join(use(archive), archive.Close())
}

// shownRecord is a record on the screen. Signed and Body are what the platform wrote, which may hold personal numbers.
type shownRecord struct {
	Index  uint64          `json:"index"`
	Digest string          `json:"digest"` // SM3 of the stored bytes, as in the receipt
	Record *evidence.Entry `json:"record"`
	Signed string          `json:"signed,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"`
}

func recordsShowCommand(path, log *string) *cobra.Command {
	unseal := false
	command := &cobra.Command{
		Use:   "show INDEX",
		Short: "print one record as JSON; the index is the receipt's",
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			index, err := strconv.ParseUint(args[0], 10, 64)
			if err != nil {
				return fmt.Errorf("%q is not an index: want a number such as 0", args[0])
			}
			return withArchive(command.Context(), *path, *log, func(archive *app.Archive) error {
				shown, err := showRecord(command.Context(), archive, index, unseal)
				if err != nil {
					return err
				}
				encoder := json.NewEncoder(command.OutOrStdout())
				encoder.SetIndent("", "  ")
				return encoder.Encode(shown)
			})
		},
	}
	command.Flags().BoolVar(&unseal, "unseal", false, "show also what the platform signed and asked, personal numbers included")
	return command
}

func showRecord(ctx context.Context, archive *app.Archive, index uint64, unseal bool) (*shownRecord, error) {
	entry, digest, err := archive.Read(ctx, index)
	if err != nil {
		return nil, fmt.Errorf("%w; the journal holds %s", err, plural(int(archive.Head()), "record"))
	}
	shown := &shownRecord{Index: index, Digest: digest, Record: &entry}
	if unseal {
		signed, body, err := archive.Unseal(&entry)
		if err != nil {
			return nil, err
		}
		shown.Signed, shown.Body = string(signed), asJSON(body)
	}
	entry.Sealed = nil
	return shown, nil
}

// asJSON shows a body as it is if it is JSON, and as a text if not: a refused one may be anything.
func asJSON(body []byte) json.RawMessage {
	if json.Valid(body) {
		return body
	}
	text, err := json.Marshal(string(body))
	if err != nil {
		return nil // strings always encode
	}
	return text
}
