package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usherhq/usher/connectors"
)

// SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html).
var (
	// conflicts are about what is there already, or not any more. A unique violation is what the slower of two
	// simultaneous CREATE ROLE gets.
	conflicts = []string{"42710", "42704", "42P06", "3F000", "23505"}
	// passing are the states of a server that is starting, stopping, full, locked or not the primary at the moment.
	// XX000 is "tuple concurrently updated".
	passing = []string{"25006", "55P03", "57014", "XX000"}
	// passingClasses are connection trouble, rollbacks, lack of resources and interventions by an operator.
	passingClasses = []string{"08", "40", "53", "57"}
)

// marked says what an error means for a change that was not committed: nothing was written.
func marked(err error) error {
	var (
		refused   *connectors.RefusedError
		transient *connectors.TransientError
		said      *pgconn.PgError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused), errors.As(err, &transient):
		return err
	case errors.As(err, &said):
		return answered(said)
	}
	return connectors.Retry(fmt.Errorf("the connection was lost: %w", err), 0)
}

// answered marks what the server said.
func answered(said *pgconn.PgError) error {
	err := &answerError{said}
	switch {
	case slices.Contains(conflicts, said.Code):
		return connectors.Conflict(err)
	case slices.Contains(passing, said.Code), slices.Contains(passingClasses, class(said)):
		return connectors.Retry(err, 0)
	}
	return connectors.Refuse(err)
}

// unreachable marks a login that did not succeed.
func unreachable(err error) error {
	var said *pgconn.PgError
	switch {
	case errors.As(err, &said):
		return answered(said)
	case errors.Is(err, context.Canceled):
		return connectors.Retry(context.Canceled, 0)
	case errors.Is(err, context.DeadlineExceeded):
		return connectors.Retry(context.DeadlineExceeded, 0)
	}
	var attempt *pgconn.ConnectError
	if errors.As(err, &attempt) {
		err = attempt.Unwrap() // without the address, the account and the database
	}
	return connectors.Retry(fmt.Errorf("reach the server: %w", err), 0)
}

// answerError is the server's answer, with what a person can do about it.
type answerError struct{ said *pgconn.PgError }

// Error is what the server said, and how to mend it.
func (e *answerError) Error() string {
	text := "the server answered: " + oneLine(e.said.Message)
	if e.said.Detail != "" {
		text += " (" + oneLine(e.said.Detail) + ")"
	}
	switch {
	case e.said.Code == "42501":
		text += "; check what the provider's account may do: it needs CREATEROLE, ADMIN OPTION on roles that it did not make, and membership in the roles that own schemas and tables"
	case e.said.Code == "2BP01":
		text += "; give away or drop what depends on it first, for example with REASSIGN OWNED"
	case class(e.said) == "28", e.said.Code == "3D000":
		text += "; check the provider's url"
	case e.said.Code == "25006":
		text += "; let the provider's url name the primary"
	}
	return text
}

// Unwrap answers the driver's error.
func (e *answerError) Unwrap() error { return e.said }

// class is the first two characters of a SQLSTATE.
func class(said *pgconn.PgError) string { return said.Code[:min(2, len(said.Code))] }

// maxAnswer bounds what of an answer reaches people, in bytes: the list of what a role owns may be long.
const maxAnswer = 400

func oneLine(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	if len(text) > maxAnswer {
		text = strings.ToValidUTF8(text[:maxAnswer], "") + "…"
	}
	return text
}
