package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/watch/doctor"
)

// exitUnwell is the exit code of doctor when a step failed.
const exitUnwell = 11

type doctorOptions struct {
	config, bundle, language string
	json                     bool
}

func doctorCommand() *cobra.Command {
	var o doctorOptions
	command := &cobra.Command{
		Use:   "doctor [ADAPTER]",
		Short: "test the connections to the platforms step by step, each with what to do; no gateway need run",
		Long: "Steps: name, connection, TLS, clock, signature, permission, a sample (the source's canary, or what a receiver holds). Without an\n" +
			"adapter all are tested. --bundle writes reports, lights, metrics of the running gateway, the masked configuration, versions and\n" +
			"the last errors, without secrets and personal data.\n\nExit code 0: no step failed; 11: one failed.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error { return o.run(command, args) },
	}
	flags := command.Flags()
	flags.StringVar(&o.config, "config", "zhengqiao.yaml", "the configuration")
	flags.StringVar(&o.bundle, "bundle", "", "write a diagnostics bundle (tar.gz) to this file")
	flags.StringVar(&o.language, "language", "zh-CN", "language of the hints: zh-CN or en")
	flags.BoolVar(&o.json, "json", false, "print the reports as JSON")
	return command
}

func (o *doctorOptions) run(command *cobra.Command, args []string) error {
	settings, err := config.Load(o.config, os.Environ())
	if err != nil {
		return err
	}
	clinic, err := app.OpenClinic(settings)
	if err != nil {
		return config.InFile(o.config, err)
	}
	defer clinic.Close()
	if len(args) == 0 {
		args = clinic.Adapters()
	}
	reports, failed, err := examine(command.Context(), clinic, args)
	if err != nil {
		return err
	}
	if err := o.show(command, reports); err != nil {
		return err
	}
	if o.bundle != "" {
		if err := o.pack(command, clinic, settings, reports); err != nil {
			return err
		}
	}
	if failed > 0 {
		return codedError{exitUnwell, fmt.Errorf("%d of %d adapters failed a step", failed, len(reports))}
	}
	return nil
}

func examine(ctx context.Context, clinic *app.Clinic, ids []string) (reports []doctor.Report, failed int, err error) {
	for _, id := range ids {
		report, err := clinic.Test(ctx, id)
		if err != nil {
			return nil, 0, err
		}
		if report.Failed() {
			failed++
		}
		reports = append(reports, report)
	}
	return reports, failed, nil
}

func (o *doctorOptions) show(command *cobra.Command, reports []doctor.Report) error {
	if o.json {
		encoder := json.NewEncoder(command.OutOrStdout())
		encoder.SetIndent("", "  ")
		return encoder.Encode(reports)
	}
	table := tabwriter.NewWriter(command.OutOrStdout(), 0, 0, 2, ' ', 0)
	for i := range reports {
		fmt.Fprintf(table, "%s\n", reports[i].Adapter)
		for _, step := range reports[i].Steps {
			fmt.Fprintf(table, "  %s %s\t%s\t%s\n", map[doctor.State]string{doctor.OK: "✓", doctor.Failed: "✗", doctor.Skipped: "-"}[step.State],
				step.Name, inLanguage(step.Found, o.language), inLanguage(step.Hint, o.language))
		}
	}
	return table.Flush()
}

func (o *doctorOptions) pack(command *cobra.Command, clinic *app.Clinic, settings *config.Config, reports []doctor.Report) error {
	metrics, err := metricsOf(command.Context(), settings.OpsURL())
	if err != nil {
		fmt.Fprintf(command.ErrOrStderr(), "without metrics: %v\n", err)
		metrics = []byte("no gateway answered\n")
	}
	file, err := os.OpenFile(o.bundle, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(clinic.Bundle(file, reports, metrics), file.Close())
}

// maxMetrics bounds what is read of a gateway's metrics.
const maxMetrics = 8 << 20

// metricsOf reads the metrics of the gateway that runs, if one does.
func metricsOf(ctx context.Context, opsURL string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, opsURL+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(io.LimitReader(response.Body, maxMetrics))
}
