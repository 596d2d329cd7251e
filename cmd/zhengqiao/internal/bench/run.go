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

// Run measures all modes and leaves nothing behind. It fails when any request fails or any sampled answer isn't what it must be.
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
	b, err := open(o, dir, source)
	if err == nil {
		err = b.measure(ctx)
	}
	if err = errors.Join(err, source.stop()); err != nil {
		return nil, err
	}
	b.report.conclude()
	return b.report, nil
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

// measure starts a process for each mode, takes the modes in turns, and stops the processes.
func (b *bench) measure(ctx context.Context) error {
	all, err := b.start(ctx)
	if err == nil {
		err = b.fast(ctx, all)
	}
	if err == nil {
		err = b.atRate(ctx, all)
	}
	for _, c := range all {
		err = errors.Join(err, c.gateway.stop())
	}
	return err
}

func (b *bench) start(ctx context.Context) ([]*contender, error) {
	var all []*contender
	for _, mode := range []Mode{Proxy, Bare, Whole} {
		b.Progress("%s: start and warm up", mode.title())
		c, err := b.contender(ctx, mode)
		if err != nil {
			return all, fmt.Errorf("%s: %w", mode.title(), err)
		}
		all = append(all, c)
		if err := c.warm(ctx); err != nil {
			return all, fmt.Errorf("%s: warm up: %w", mode.title(), err)
		}
	}
	return all, nil
}
