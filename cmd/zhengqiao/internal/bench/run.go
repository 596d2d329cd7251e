package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// Run measures all modes, one after the other, and leaves nothing behind. It fails when any request fails or any sampled answer
// isn't what it must be.
func Run(ctx context.Context, o Options) (*Report, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.Dir, "zhengqiao-bench-")
	if err != nil {
		return nil, err
	}
	report, err := o.run(ctx, dir)
	return report, errors.Join(err, os.RemoveAll(dir))
}

func (o Options) run(ctx context.Context, dir string) (*Report, error) {
	source, err := spawn(ctx, o.Self, "source", "--dir", dir)
	if err != nil {
		return nil, err
	}
	bench, err := open(o, dir, source)
	if err == nil {
		err = bench.modes(ctx)
	}
	if err = errors.Join(err, source.stop()); err != nil {
		return nil, err
	}
	bench.report.conclude()
	return bench.report, nil
}

// bench is one run.
type bench struct {
	Options
	dir    string
	source string // URL
	body   []byte // of each request
	key    httpsig.Key
	prover *prover
	report *Report
}

func open(o Options, dir string, source *child) (*bench, error) {
	b := &bench{Options: o, dir: dir, source: source.URL, report: newReport(o.Connections)}
	b.report.SourceBytes = source.ReplyBytes
	text, err := os.ReadFile(filepath.Join(dir, "questions", persona+".licence.json"))
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return nil, fmt.Errorf("the question: %w", err)
	}
	b.body = compact.Bytes()
	if b.key, err = (keys.Files{Root: dir}).PrivateKey("file:" + filepath.Join("keys", platform+".key.pem")); err != nil {
		return nil, err
	}
	b.prover, err = newProver(dir)
	return b, err
}

func (b *bench) modes(ctx context.Context) error {
	for _, mode := range []Mode{Proxy, Bare, Whole} {
		b.Progress("%s: starting", mode.title())
		if err := b.mode(ctx, mode); err != nil {
			return fmt.Errorf("%s: %w", mode.title(), err)
		}
	}
	return nil
}

// mode starts the process to be measured, measures it and stops it.
func (b *bench) mode(ctx context.Context, mode Mode) error {
	arguments := []string{"gateway", "--mode", string(mode), "--dir", b.dir, "--source", b.source}
	if mode == Whole && b.Profile != "" {
		arguments = append(arguments, "--profile", b.Profile)
	}
	gateway, err := spawn(ctx, b.Self, arguments...)
	if err != nil {
		return err
	}
	m, err := b.measurement(mode, gateway)
	if err == nil {
		err = m.both(ctx)
	}
	return errors.Join(err, gateway.stop())
}
