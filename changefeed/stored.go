package changefeed

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// ErrUnreadable says that a stored entry is not one of a known version, or does not open under its licence's key.
var ErrUnreadable = errors.New("not an entry of a known version")

const storedVersion = 1

// stored is the form of an entry before it is sealed, version 1, as JSON.
type stored struct {
	Version int                    `json:"v"`
	Outcome exchange.ReportOutcome `json:"outcome"`
	State   *exchange.LicenceState `json:"state"`
	Person  person                 `json:"person"`
}

// person is a subject with the clear ID number, which [exchange.IDNumber] itself never writes. It exists inside the seal only.
type person struct {
	Name            string        `json:"name,omitempty"`
	IDNumber        string        `json:"idNumber"`
	FileNumber      string        `json:"fileNumber,omitempty"`
	IDDocumentUntil exchange.Date `json:"idDocumentUntil,omitzero"`
}

func (b *Book) seal(known *Known) ([]byte, error) {
	plain, err := json.Marshal(stored{storedVersion, known.Outcome, known.State, personOf(&known.Subject)})
	if err != nil {
		return nil, fmt.Errorf("encode what is known of a licence: %w", err)
	}
	sealed, err := b.sealer.Seal(plain, []byte(known.State.Licence))
	if err != nil {
		return nil, fmt.Errorf("seal what is known of a licence: %w", err)
	}
	return sealed, nil
}

// Open reads an entry of the ledger, as a cursor or a scan brings it. Errors: [ErrUnreadable].
func (b *Book) Open(entry *journal.Entry) (Known, error) {
	plain, err := b.sealer.Open(entry.Data, []byte(entry.Key))
	if err != nil {
		return Known{}, fmt.Errorf("%w: revision %d: %w", ErrUnreadable, entry.Revision, err)
	}
	known, err := decodeStored(plain, b.clock())
	if err != nil {
		return Known{}, fmt.Errorf("revision %d: %w", entry.Revision, err)
	}
	if known.State.Licence != entry.Key {
		return Known{}, fmt.Errorf("%w: revision %d is another licence's", ErrUnreadable, entry.Revision)
	}
	known.Revision, known.Follows, known.Stored, known.partition = entry.Revision, entry.Follows, entry.StoredAt, entry.Partition
	return known, nil
}

// decodeStored reads the opened form. No error repeats a value: it may be a personal number.
func decodeStored(plain []byte, now time.Time) (Known, error) {
	var s stored
	if err := json.Unmarshal(plain, &s); err != nil {
		return Known{}, fmt.Errorf("%w: %d bytes are not its JSON", ErrUnreadable, len(plain))
	}
	if s.Version != storedVersion {
		return Known{}, fmt.Errorf("%w: version %d", ErrUnreadable, s.Version)
	}
	if s.State == nil || s.State.Licence == "" {
		return Known{}, fmt.Errorf("%w: no state", ErrUnreadable)
	}
	subject, err := s.Person.subject(now)
	if err != nil {
		return Known{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return Known{State: s.State, Subject: subject, Outcome: s.Outcome}, nil
}

func personOf(s *exchange.Subject) person {
	return person{s.Name, s.IDNumber.Reveal(), s.FileNumber, s.IDDocumentUntil}
}

func (p *person) subject(now time.Time) (exchange.Subject, error) {
	id, err := exchange.ParseIDNumber(p.IDNumber, now)
	if err != nil {
		return exchange.Subject{}, fmt.Errorf("subject: %w", err)
	}
	return exchange.Subject{Name: p.Name, IDNumber: id, FileNumber: p.FileNumber, IDDocumentUntil: p.IDDocumentUntil}, nil
}

// completed adds to a subject what was known of it and the newer report leaves out.
func completed(newer, known exchange.Subject) exchange.Subject {
	if newer.Name == "" {
		newer.Name = known.Name
	}
	if newer.FileNumber == "" {
		newer.FileNumber = known.FileNumber
	}
	if newer.IDDocumentUntil.IsZero() {
		newer.IDDocumentUntil = known.IDDocumentUntil
	}
	return newer
}
