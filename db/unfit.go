package db

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// sqliteConstraint is SQLite's result code for a row that a constraint refuses; the low byte of all its variants.
const sqliteConstraint = 19

// Unfit says whether the database refuses what was to be written, so that trying the same again makes no sense: a value
// that it can't keep, or one that breaks a constraint (classes 22 and 23 of SQLSTATE).
func Unfit(err error) bool {
	var postgres *pgconn.PgError
	if errors.As(err, &postgres) {
		return strings.HasPrefix(postgres.Code, "22") || strings.HasPrefix(postgres.Code, "23")
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqliteConstraint
}
