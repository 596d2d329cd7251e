package exchange

import "time"

// Operation is what a caller asks for.
type Operation string

// The operations of the contract that go to a source.
const (
	LicenceQuery    Operation = "licence.query"
	ViolationsQuery Operation = "violations.query"
	PictureQuery    Operation = "violations.picture"
)

// Caller is the platform that asks, as its verified signature says.
type Caller struct {
	Platform    string // such as suishenban
	KeyID       string // such as suishenban-1
	SignedBytes []byte // the signature base (RFC 9421 §2.5)
	Signature   []byte // SM2, DER
	Body        []byte // the request body as signed; kept sealed with the record
}

// Subject is the citizen that a query is about.
type Subject struct {
	Name            string
	IDNumber        IDNumber
	FileNumber      string // 档案编号, optional second factor
	IDDocumentUntil Date   // 身份证有效期止, optional: the caller read it from the document
}

// Purpose says why the data is wanted; it goes into the decision, the record and the source's own purpose fields.
type Purpose struct {
	Code       string `json:"code"`       // an entry of the purposes data file
	Matter     string `json:"matter"`     // 事项: code of the administrative matter
	MatterName string `json:"matterName"` // its name
	Case       string `json:"case"`       // 办件编号
	Operator   string `json:"operator"`   // 经办人 account, or "self" when the citizen acts alone
	Unit       string `json:"unit"`       // 单位代码
	UnitName   string `json:"unitName"`
	LegalBasis string `json:"legalBasis"` // such as PIPL-13-3, or consent
}

// Authentication is one way in which the citizen was authenticated for this request.
type Authentication struct {
	Method     string    `json:"method"` // sms, bankcard, face, voice, account, phone
	Provider   string    `json:"provider"`
	At         time.Time `json:"at"`
	Similarity *float64  `json:"similarity,omitempty"` // 0..1 where the provider scores
}

// Query is one question, with everything that decides what may be answered.
type Query struct {
	ID              string // also the decision's id
	Operation       Operation
	Caller          Caller
	Subject         Subject
	Region          Region // province that keeps the licence
	Purpose         Purpose
	Authentications []Authentication // of who asks: the subject, or the agent of Behalf
	Behalf          *Behalf          // somebody asks in the subject's place; nil: nobody does
	Wanted          []Field          // empty: whatever policy allows
	MaxAge          *time.Duration   // the caller's own bound on the data's age
	Vehicles        []Vehicle        // for violations: whose camera records are wanted
	Violation       string           // for a picture: which one
	Police          PoliceFacts      // for 学法减分: what the caller knows of the police
	Opening         string           // the emergency access that it is asked under; empty: none
	Received        time.Time
}

// Answer is what may leave the gateway, and what it is based on.
type Answer struct {
	Key        string // the licence's key, as reports and notices of changes name it: a pseudonym
	Result     Result
	Withheld   []Withheld
	Provenance Provenance
	Decision   DecisionRef
	Attempts   []Attempt // the questions to sources that it took, for the log
	Receipt    Receipt
	Body       []byte // the encoded answer without its receipt, whose digest the record holds
}

// Result holds the disclosed data: one licence, or violations, or one picture.
type Result struct {
	Licence     Disclosed
	Processed   []Disclosed
	Unprocessed []Disclosed
	Picture     *Picture
	Study       *StudyResult
}

// Disclosed is one record after shaping, in the order of the field table.
type Disclosed []DisclosedField

// DisclosedField is a field that policy lets the caller see, masked as it says.
type DisclosedField struct {
	Name   Field
	Value  any
	Masked bool
}

// Provenance says where an answer comes from and how old it is.
type Provenance struct {
	Source    string    `json:"source"`
	Region    Region    `json:"region"`
	AsOf      time.Time `json:"asOf"`      // the data was true at the source then
	Freshness string    `json:"freshness"` // tier: realtime, daily or weekly
	AgeBound  int64     `json:"ageBound"`  // seconds; older than this is stale
	Stale     bool      `json:"stale"`
	Fallback  bool      `json:"fallback"` // another source than the first of the route answered
}

// Receipt names the place of a query's record in the durable log.
type Receipt struct {
	Log        string    `json:"log"`
	Index      uint64    `json:"index"`      // the record's number, counted from 0 without gaps
	Digest     string    `json:"digest"`     // SM3 of the stored record, hex
	RecordedAt time.Time `json:"recordedAt"` // UTC
}
