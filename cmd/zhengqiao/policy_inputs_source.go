package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// decisionSource is where recorded decisions are read from: a journal, a running gateway, or a file of exported inputs.
type decisionSource struct {
	operator               operatorOptions // as: an operator, where a gateway runs
	since, until, platform string
	inputs                 string
}

func (s *decisionSource) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&s.operator.config, "config", "zhengqiao.yaml", "the gateway's configuration, for its journal, policies and keys")
	flags.StringVar(&s.operator.as, "as", "", "read from the running gateway as this operator, one of the configuration's operators")
	flags.StringVar(&s.operator.key, "key", "", "the operator's private key; default keys/OPERATOR.key.pem beside the configuration")
	flags.StringVar(&s.operator.gatewayKey, "gateway-key", "", "the gateway's public key; default keys/gateway.pub.pem beside the configuration")
	flags.StringVar(&s.operator.url, "gateway", "", "the running gateway's operators' address; default: from the configuration")
	flags.StringVar(&s.operator.language, "language", "zh-CN", "language of problems: zh-CN or en")
	flags.StringVar(&s.since, "since", "7d", "read what was decided since (of --inputs: all, unless this is given): 7d, 12h, a day (2026-11-24, in China) or a time (RFC 3339)")
	flags.StringVar(&s.until, "until", "", "and before; default now")
	flags.StringVar(&s.platform, "platform", "", "only decisions on this platform's requests")
}

// policiesInForce gives the policies that the configuration puts in force. With signed policies the journal says which those are, and not
// the configuration: it only has those that the gateway began with.
func (s *decisionSource) policiesInForce() (fs.FS, error) {
	settings, err := config.Load(s.operator.config, os.Environ())
	if err != nil {
		return nil, err
	}
	if settings.Policies.Signed() {
		return nil, fmt.Errorf("%s has signed policies (policies.require): name the folder of those in force with --baseline, by their revision "+
			"(zhengqiao policy revisions) / 策略须签名生效，请用 --baseline 指明现行策略目录", s.operator.config)
	}
	return app.PolicyFiles(settings), nil
}

// read gives each selected input to take, and tells of progress on standard error.
func (s *decisionSource) read(command *cobra.Command, take func(*impact.Input) error) error {
	meant, err := s.selection(time.Now())
	if err != nil {
		return err
	}
	if s.inputs != "" { // whoever exported it has selected already: no default narrows that down
		if !command.Flags().Changed("since") {
			meant.Since = time.Time{}
		}
		if !command.Flags().Changed("until") {
			meant.Until = time.Time{}
		}
	}
	p := &progress{out: command.ErrOrStderr(), began: time.Now()}
	defer p.done()
	ctx := command.Context()
	switch {
	case s.inputs != "":
		return s.fromFile(command.InOrStdin(), meant, take)
	case s.operator.as != "":
		return s.fromGateway(command, meant, take, p.tell)
	}
	return withArchive(ctx, s.operator.config, "", func(archive *app.Archive) error {
		return archive.Trail().Inputs(ctx, meant, take, p.tell)
	})
}

func (s *decisionSource) selection(now time.Time) (app.Selection, error) {
	since, err := momentOf(s.since, now)
	if err != nil {
		return app.Selection{}, fmt.Errorf("--since: %w", err)
	}
	until := now
	if s.until != "" {
		if until, err = momentOf(s.until, now); err != nil {
			return app.Selection{}, fmt.Errorf("--until: %w", err)
		}
	}
	return app.Selection{Since: since, Until: until, Platform: s.platform}, nil
}

// momentOf reads a time, a day in China, or how long ago.
func momentOf(text string, now time.Time) (time.Time, error) {
	if number, days := strings.CutSuffix(text, "d"); days {
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n <= 36500 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, text, time.FixedZone("CST", 8*60*60))
	if err != nil {
		return at, fmt.Errorf("%q: want 7d, 12h, a day such as 2026-11-24 or a time such as 2026-11-24T09:00:00+08:00", text)
	}
	return at, nil
}

// fromFile reads an export. What is selected here narrows it down; zero moments are no bound.
func (s *decisionSource) fromFile(stdin io.Reader, meant app.Selection, take func(*impact.Input) error) error {
	from := stdin
	if s.inputs != "-" {
		file, err := os.Open(s.inputs)
		if err != nil {
			return err
		}
		defer file.Close()
		from = file
	}
	err := impact.Read(from, func(in *impact.Input) error {
		if in.At.Before(meant.Since) || !meant.Until.IsZero() && !in.At.Before(meant.Until) || meant.Platform != "" && in.Platform != meant.Platform {
			return nil
		}
		return take(in)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", s.inputs, err)
	}
	return nil
}

// inputsPage is a page as the operators' interface gives it.
type inputsPage struct {
	Inputs []string
	Next   string
	Left   uint64
}

// fromGateway reads page by page from a running gateway.
func (s *decisionSource) fromGateway(command *cobra.Command, meant app.Selection, take func(*impact.Input) error, tell func(read, all uint64)) error {
	as, err := s.operator.open(command)
	if err != nil {
		return err
	}
	asked := map[string]any{"since": meant.Since.UTC(), "until": meant.Until.UTC()}
	if meant.Platform != "" {
		asked["platform"] = meant.Platform
	}
	for read := uint64(0); ; {
		page, err := s.page(command.Context(), as, asked)
		if err != nil {
			return err
		}
		if err := impact.Read(strings.NewReader(strings.Join(page.Inputs, "\n")), take); err != nil {
			return fmt.Errorf("the gateway's answer: %w", err)
		}
		read += uint64(len(page.Inputs))
		tell(read, read+page.Left)
		if page.Next == "" {
			return nil
		}
		asked["after"] = page.Next
	}
}

func (s *decisionSource) page(ctx context.Context, as *operator, asked map[string]any) (page inputsPage, err error) {
	err = as.post(ctx, "/decisions/inputs", asked, &page)
	return page, err
}
