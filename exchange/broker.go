package exchange

import (
	"context"
	"runtime/debug"
	"time"
)

// DefaultBudget bounds a whole query, its sources included: the source document's "under 3 seconds" (T4 in the register of
// assumptions).
const DefaultBudget = 3 * time.Second

// recordBudget bounds the wait for a record to become durable. It starts anew after the query's own budget, since also a query
// that ran out of time leaves a record.
const recordBudget = 3 * time.Second

// Broker takes a verified query down the one path: decide, check the person, ask the sources in order, shape, encode, record.
// It is safe for concurrent use; all members but Identities, Study, Budget and Observe must be set, and none may
// change.
type Broker struct {
	Decider    Decider
	Routes     Routes
	Identities IdentityMatcher // nil: a decision that demands the check is a refusal
	Encoder    Encoder
	Recorder   Recorder
	Pseudonyms Pseudonyms
	Meter      Meter               // nil: a decision with quotas is a refusal
	Digest     func([]byte) string // hex SM3
	Clock      func() time.Time
	Study      StudyJudge                     // nil: 学法减分 is not offered
	Budget     time.Duration                  // 0: DefaultBudget
	Observe    func(context.Context, Attempt) // nil: nobody counts the attempts
}

// Query answers the query or says why not. Whatever it returns has been recorded durably before: an [*Answer] carries its
// Receipt, and so does the [*Error] of a refusal or failure. If the record can't be made durable the error is
// [RecordNotDurable], or the recorder's own Overloaded, and nothing may be disclosed. A recorder that failed may have stored the
// record all the same: the log can then claim an answer that never left, but never lack one that did.
func (b *Broker) Query(ctx context.Context, q *Query) (*Answer, error) {
	record := b.record(q)
	answer, err := b.withinBudget(ctx, q, record)
	if err != nil {
		return nil, b.conclude(ctx, record, err)
	}
	answer.Attempts = record.Attempts
	answer.Receipt, err = b.durable(ctx, record)
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// Refuse records that a query whose caller is known was refused before it could be understood, and returns the refusal with
// its receipt.
func (b *Broker) Refuse(ctx context.Context, q *Query, refusal error) error {
	return b.conclude(ctx, b.record(q), refusal)
}

// record begins the record of a query. A query that was not understood may have no subject.
func (b *Broker) record(q *Query) *Record {
	record := q.record()
	if !q.Subject.IDNumber.IsZero() {
		record.Subject = b.Pseudonyms.Pseudonym(q.Subject.IDNumber)
	}
	record.Behalf = q.behalfRecord(b.Pseudonyms)
	return record
}

func (b *Broker) withinBudget(ctx context.Context, q *Query, record *Record) (*Answer, error) {
	budget := b.Budget
	if budget == 0 {
		budget = DefaultBudget
	}
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	return b.survive(ctx, q, record)
}

// survive turns a panic of an adapter or the encoder, which read foreign bytes, into a failure that is recorded like any other.
func (b *Broker) survive(ctx context.Context, q *Query, record *Record) (answer *Answer, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			answer, err = nil, Errorf(Internal, "panic at\n%s", debug.Stack()) // its value may quote foreign bytes
		}
	}()
	return b.answer(ctx, q, record)
}

func (b *Broker) answer(ctx context.Context, q *Query, record *Record) (*Answer, error) {
	if !q.glassWhole() {
		return nil, &Error{Code: PolicyRefused, Reasons: []Reason{glassBroken()}}
	}
	decision, err := b.Decider.Decide(ctx, q.decisionRequest())
	if err != nil {
		return nil, undecided(err)
	}
	record.decided(&decision)
	if err := decision.permitted(q.Operation); err != nil {
		return nil, err
	}
	if err := q.documentValid(); err != nil {
		return nil, err
	}
	if err := b.withinQuotas(q, &decision, record); err != nil {
		return nil, err
	}
	sources := b.Routes.Sources(q.Operation, q.Region)
	if len(sources) == 0 {
		return nil, &Error{Code: OperationNotOffered}
	}
	request := q.sourceRequest(&decision, b.Clock())
	if err := b.checkIdentity(ctx, request, &decision, record); err != nil {
		return nil, err
	}
	answer := &Answer{Key: record.Subject, Withheld: decision.Withheld, Decision: DecisionRef{q.ID, decision.Revision}}
	if err := b.consult(ctx, sources, inquiry{q, request, &decision, answer, record, b.Study}); err != nil {
		return nil, err
	}
	return answer, b.encode(q, answer, record)
}

func (b *Broker) encode(q *Query, answer *Answer, record *Record) error {
	body, err := b.Encoder.EncodeAnswer(q, answer)
	if err != nil {
		return Errorf(Internal, "encode the answer: %w", err)
	}
	answer.Body = body
	record.answered(answer, b.Digest(body))
	return nil
}

// conclude records a refusal or failure and attaches the receipt and the decision to it.
func (b *Broker) conclude(ctx context.Context, record *Record, failure error) error {
	shown := asError(failure)
	shown.Attempts = record.Attempts
	record.Outcome = string(shown.Code)
	if len(record.Reasons) == 0 {
		for _, reason := range shown.Reasons {
			record.Reasons = append(record.Reasons, reason.Code)
		}
	}
	receipt, err := b.durable(ctx, record)
	if err != nil {
		return err
	}
	shown.Receipt = &receipt
	if record.Revision != "" {
		shown.Decision = &DecisionRef{record.ID, record.Revision}
	}
	return &shown
}

// durable outlives the caller: a caller that hung up has asked all the same.
func (b *Broker) durable(ctx context.Context, record *Record) (Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordBudget)
	defer cancel()
	receipt, err := b.Recorder.Record(ctx, record)
	if err == nil {
		return receipt, nil
	}
	if CodeOf(err) == Overloaded {
		return Receipt{}, err
	}
	return Receipt{}, &Error{Code: RecordNotDurable, RetryAfter: time.Second, Attempts: record.Attempts, Err: err}
}
