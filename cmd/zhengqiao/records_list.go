package main

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// listedRecord is one line of a list.
type listedRecord struct {
	Index     uint64             `json:"index"`
	Time      time.Time          `json:"time"`
	Operation exchange.Operation `json:"operation"`
	Platform  string             `json:"platform"`
	Purpose   string             `json:"purpose"`
	Case      string             `json:"case,omitempty"`
	Outcome   string             `json:"outcome"`
	Subject   string             `json:"subject,omitempty"` // pseudonym
	Source    string             `json:"source,omitempty"`
}

type listOptions struct {
	from              uint64
	count             int
	platform, subject string
}

func recordsListCommand(path, log *string) *cobra.Command {
	var o listOptions
	command := &cobra.Command{
		Use:   "list",
		Short: "print records in order, a line of JSON each",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return withArchive(command.Context(), *path, *log, func(archive *app.Archive) error { return o.run(command, archive) })
		},
	}
	flags := command.Flags()
	flags.Uint64Var(&o.from, "from", 0, "index to begin with")
	flags.IntVar(&o.count, "count", 100, "how many at most")
	flags.StringVar(&o.platform, "platform", "", "only those of this platform")
	flags.StringVar(&o.subject, "subject", "", "only those about this person, by the pseudonym that records show")
	return command
}

// errEnough ends a list.
var errEnough = errors.New("enough")

func (o listOptions) run(command *cobra.Command, archive *app.Archive) error {
	encoder, left := json.NewEncoder(command.OutOrStdout()), o.count
	err := archive.Each(command.Context(), o.from, func(index uint64, _ string, entry *evidence.Entry) error {
		if o.platform != "" && entry.Platform != o.platform || o.subject != "" && entry.Subject != o.subject {
			return nil
		}
		if left--; left < 0 {
			return errEnough
		}
		return encoder.Encode(listedRecord{
			Index: index, Time: entry.Time, Operation: entry.Operation, Platform: entry.Platform, Purpose: entry.Purpose.Code,
			Case: entry.Purpose.Case, Outcome: entry.Outcome, Subject: entry.Subject, Source: entry.Source,
		})
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
