package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/people"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
	"github.com/zhengqiao/zhengqiao/policies/publish/source"
)

// bundles brings signed policies into force: what is published here or fetched from a source goes onto the journal's board, and every
// node follows the board. nil: policies need no signature.
type bundles struct {
	register  *people.Register
	publisher *publish.Publisher
	follower  *publish.Follower
	board     *journalBoard
	stage     *rehearsal.Stage
	base      string             // revision of the policies that the gateway starts with
	hurry     chan struct{}      // look at the source now
	nonces    httpsig.NonceStore // of the policy desks of all generations
}

// People loads the keys of authors and approvers.
func People(c *config.Config) (*people.Register, error) {
	known := map[string]*people.Person{}
	var order []string
	var wrong error
	add := func(at string, list []config.Signatory, role func(*people.Person, config.Signatory)) {
		for i, signatory := range list {
			person := known[signatory.ID]
			if person == nil {
				person = &people.Person{ID: signatory.ID}
				known[signatory.ID] = person
				order = append(order, signatory.ID)
			}
			role(person, signatory)
			records, err := signatoryKeys(c, fmt.Sprintf("%s[%d]", at, i), signatory, person.Keys)
			person.Keys = append(person.Keys, records...)
			wrong = errors.Join(wrong, err)
		}
	}
	add("$.policies.authors", c.Policies.Authors, func(p *people.Person, _ config.Signatory) { p.Author = true })
	add("$.policies.approvers", c.Policies.Approvers, func(p *people.Person, s config.Signatory) { p.Approver, p.Platforms = true, s.Platforms })
	if wrong != nil {
		return nil, wrong
	}
	all := make([]people.Person, 0, len(order))
	for _, id := range order {
		all = append(all, *known[id])
	}
	register, err := people.NewRegister(all...)
	return register, c.At("$.policies", err)
}

// signatoryKeys loads a person's keys but those that are loaded already: who has both roles may list the same key in both.
func signatoryKeys(c *config.Config, at string, signatory config.Signatory, loaded []keys.Record) ([]keys.Record, error) {
	var records []keys.Record
	var wrong error
	for k, key := range signatory.Keys {
		public, err := files(c).PublicKey(key.Public)
		if err != nil {
			wrong = errors.Join(wrong, c.At(fmt.Sprintf("%s.keys[%d].public", at, k), err))
			continue
		}
		if !holds(loaded, key.ID, public) {
			records = append(records, keys.Record{
				ID: key.ID, Party: signatory.ID, Algorithm: keys.AlgorithmSign, Key: public, NotBefore: key.NotBefore, NotAfter: key.NotAfter,
			})
		}
	}
	return records, wrong
}

func holds(loaded []keys.Record, id string, public *smcrypto.PublicKey) bool {
	for _, record := range loaded {
		if record.ID == id && record.Key.Equal(public) {
			return true
		}
	}
	return false
}

// openBundles brings into force what the board says before anything is decided. A gateway that can't does not start: it would decide by
// other policies than the ones in force.
func (a *App) openBundles(ctx context.Context) error {
	var err error
	if a.activations, err = newBundleCounts(a.registry); err != nil || !a.config.Policies.Signed() {
		return err
	}
	register, err := People(a.config)
	if err != nil {
		return err
	}
	b := &bundles{register: register, hurry: make(chan struct{}, 1), nonces: httpsig.NewMemoryNonces(operatorNonces, time.Now)}
	if b.board, err = openBoard(ctx, a.journal); err != nil {
		return err
	}
	if err := a.openPublisher(b); err != nil {
		return err
	}
	if err := b.follower.Sync(ctx); err != nil {
		return fmt.Errorf("the policies in force could not be loaded: %w", err)
	}
	a.bundles = b
	a.tellNode(ctx)
	a.workers = append(a.workers, a.follow)
	return a.openSource()
}

func (a *App) openPublisher(b *bundles) error {
	base, err := publish.FromFolder(policyFiles(a.config))
	if err != nil {
		return a.config.At("$.policies.dir", err)
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program, to try policies out with: %w", err)
	}
	b.stage, b.base = rehearsal.NewStage(program, rehearsal.DefaultLimits(), a.recentInputs), base.Revision(smcrypto.NewSM3)
	b.publisher = publish.NewPublisher(publish.Config{
		People: b.register, Board: b.board, Shelf: b.board, Base: base, NewHash: smcrypto.NewSM3, Clock: time.Now,
		Rehearsal: b.stage, Record: a.recordAct,
		Builds: a.builds,
	})
	b.follower = &publish.Follower{
		Board: b.board, Shelf: b.board, People: b.register, Base: base.FS(), Load: a.policies.Reload, NewHash: smcrypto.NewSM3,
		Told: a.switched,
	}
	return nil
}

// builds says whether this gateway could load policies, as its engine does.
func (a *App) builds(_ context.Context, files publish.Files) error {
	_, err := policies.New(files.FS(), policies.Options{NewHash: smcrypto.NewSM3, Timeout: a.config.Limits.Decision})
	return err
}

// switchEvery is how soon a node follows the board: all nodes switch within this time of one another.
const switchEvery = time.Second

// follow keeps this node to the board.
func (a *App) follow(ctx context.Context) error {
	ticker := time.NewTicker(switchEvery)
	defer ticker.Stop()
	return a.bundles.follower.Run(ctx, ticker.C)
}

// openSource begins to ask the configured source, if there is one.
func (a *App) openSource() error {
	fetcher, err := a.fetcher()
	if err != nil || fetcher == nil {
		return err
	}
	a.workers = append(a.workers, func(ctx context.Context) error {
		ticks, stop := hurried(ctx, a.config.Policies.Source.Interval(), a.bundles.hurry)
		defer stop()
		return source.Poll(ctx, fetcher, a.bundles.publisher.Publish, a.fetched, ticks)
	})
	return nil
}

// fetcher gives the configured source, nil if there is none.
func (a *App) fetcher() (source.Fetcher, error) {
	from := a.config.Policies.Source
	switch {
	case from.File != "":
		return &source.File{Path: from.File}, nil
	case from.URL == "":
		return nil, nil
	}
	const at = "$.policies.source"
	token, err := optionalText(a.config, at+".token", from.Token)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: 10 * time.Second,
		ResponseHeaderTimeout: 20 * time.Second, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true}
	if from.CA != "" {
		pem, err := os.ReadFile(from.CA)
		pool := x509.NewCertPool()
		if err == nil && !pool.AppendCertsFromPEM(pem) {
			err = errors.New("no certificate in it")
		}
		if err != nil {
			return nil, a.config.At(at+".ca", err)
		}
		transport.TLSClientConfig.RootCAs = pool
	}
	return &source.Server{URL: from.URL, Token: token, Client: source.NewClient(transport)}, nil
}

// hurried ticks at an interval, and at once whenever somebody hurries.
func hurried(ctx context.Context, every time.Duration, hurry <-chan struct{}) (ticks <-chan time.Time, stop func()) {
	ticker, out := time.NewTicker(every), make(chan time.Time)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			var now time.Time
			select {
			case now = <-ticker.C:
			case <-hurry:
			case <-ctx.Done():
				return
			}
			select {
			case out <- now:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, func() {
		ticker.Stop()
		<-done
	}
}

// hurryUp has the source looked at now. Nobody waits for it.
func (b *bundles) hurryUp() {
	select {
	case b.hurry <- struct{}{}:
	default:
	}
}
