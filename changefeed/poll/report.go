package poll

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// pseudonymLength is how much of a licence's key a report's id carries; with moment and facts it is enough to tell reports apart.
const pseudonymLength = 16

// reportID names what a source says of a licence since a moment: the same row gives the same id, however often it is read. The digest
// tells apart what is said within one moment, of facts and of the province that keeps the licence. It is short, so that a card number can't be found again by trying.
func reportID(source, licence string, region exchange.Region, moment time.Time, facts *exchange.Facts) string {
	said, err := json.Marshal(facts)
	if err != nil {
		said = []byte(err.Error()) // facts are plain values, so this does not happen
	}
	digest := sha256.Sum256(append(said, region...))
	return source + "-" + licence[:min(pseudonymLength, len(licence))] + "-" +
		moment.UTC().Format("20060102T150405.999999999") + "-" + hex.EncodeToString(digest[:4])
}

// report makes the report of what the source says.
func (b *Base) report(subject exchange.Subject, region exchange.Region, happened time.Time, facts exchange.Facts) *exchange.Report {
	licence := b.Pseudonyms.Pseudonym(subject.IDNumber)
	return &exchange.Report{
		ID: reportID(b.Source, licence, region, happened, &facts), Reporter: b.Source, Licence: licence, Subject: subject, Region: region,
		Happened: happened, Learned: b.Clock().UTC(), Facts: facts,
	}
}

// give hands a report in. An error says that it must come again: it is not durable, or policy does not let the source say so, which
// concerns all that it says and is for an operator to settle. What is wrong with the report itself is counted, and is over.
func (b *Base) give(ctx context.Context, mode string, r *exchange.Report) error {
	acceptance, err := b.Reporter.Report(ctx, r)
	if err == nil {
		b.reported(mode, string(acceptance.Outcome))
		return nil
	}
	code := exchange.CodeOf(err)
	b.reported(mode, string(code))
	if code != exchange.InvalidRequest && code != exchange.Internal {
		return err
	}
	b.Logger.ErrorContext(ctx, "a polled licence could not be reported", slog.String("source", b.Source), slog.String("mode", mode),
		slog.String("licence", r.Licence), slog.Any("error", err))
	return nil
}

func (b *Base) reported(mode, outcome string) {
	if b.Observer != nil {
		b.Observer.Reported(b.Source, mode, outcome)
	}
}

func (b *Base) asked(mode string, err error, rows int) {
	if b.Observer != nil {
		b.Observer.Asked(b.Source, mode, exchange.CodeOf(err), rows)
	}
}

func (b *Base) covered(mode string, moment time.Time) {
	if b.Observer != nil {
		b.Observer.Covered(b.Source, mode, moment)
	}
}

// trouble logs a failure that is waited out.
func (b *Base) trouble(ctx context.Context, mode string, err error, wait time.Duration) {
	b.Logger.WarnContext(ctx, "polling waits", slog.String("source", b.Source), slog.String("mode", mode),
		slog.Duration("wait", wait), slog.Any("error", err))
}
