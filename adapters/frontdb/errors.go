package frontdb

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// States of PostgreSQL's Appendix A that are told apart; the first two characters are the class.
const (
	undefinedTable     = "42P01"
	missingRight       = "42501"
	unknownDatabase    = "3D000"
	hiddenSchema       = "3F000" // a schema that exists and that we may not look into
	queryCancelled     = "57014" // by statement_timeout
	lockNotAvailable   = "55P03" // by lock_timeout
	raised             = "P0001" // a trigger of the other side speaks
	classData          = "22"
	classConstraint    = "23"
	classAuthorisation = "28"
	classSyntax        = "42"
)

// failure says which failure an error of the database is and rebuilds its text: the driver's own may quote values, addresses or
// pieces of the connection string.
func failure(ctx context.Context, id string, err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*exchange.Error](err); ok {
		return known
	}
	return &exchange.Error{Code: codeOf(ctx, err), Source: id, Err: cause(ctx, err)}
}

func codeOf(ctx context.Context, err error) exchange.Code {
	state := sqlState(err)
	switch {
	case state == queryCancelled, state == lockNotAvailable, ctx.Err() != nil, state == "" && pgconn.Timeout(err):
		return exchange.SourceTimeout
	case state == missingRight, state == unknownDatabase, state == hiddenSchema, class(state) == classAuthorisation, ofRow(err):
		return exchange.SourceRefused
	case class(state) == classSyntax:
		return exchange.SourceInvalid
	}
	return exchange.SourceDown
}

// sqlState gives the state that the server answered, "" if the error is not its answer.
func sqlState(err error) string {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		return answer.Code
	}
	return ""
}

func class(state string) string { return state[:min(2, len(state))] }

// ofRow reports whether the server refused the data of a row, rather than the statement or us.
func ofRow(err error) bool {
	state := sqlState(err)
	return class(state) == classData || class(state) == classConstraint || state == raised
}

// cause keeps what an operator needs and nothing that could be a value.
func cause(ctx context.Context, err error) error {
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		return errors.New(answered(answer))
	}
	if ctx.Err() != nil {
		return fmt.Errorf("no answer: %w", ctx.Err())
	}
	if pgconn.Timeout(err) {
		return fmt.Errorf("no answer: %w", context.DeadlineExceeded)
	}
	if unresolved, ok := errors.AsType[*net.DNSError](err); ok {
		return errors.New("host name: " + unresolved.Err)
	}
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number
	}
	if refused, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return refused
	}
	return errors.New("the connection failed")
}

// answered names the state and the constraint. Message and detail are left out: they show the row.
func answered(answer *pgconn.PgError) string {
	text := "SQLSTATE " + answer.Code
	if answer.ConstraintName != "" {
		text += ", constraint " + answer.ConstraintName
	}
	if answer.ColumnName != "" {
		text += ", column " + answer.ColumnName
	}
	return text
}
