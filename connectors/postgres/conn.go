package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usherhq/usher/connectors"
)

// querier is a connection or a transaction.
type querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// connected runs do on a connection of its own.
func (p *provider) connected(ctx context.Context, do func(conn *pgx.Conn) error) error {
	conn, err := pgx.ConnectConfig(ctx, p.config)
	if err != nil {
		return unreachable(err)
	}
	defer func() { _ = conn.Close(ctx) }() // what was to be known is known
	return do(conn)
}

// read runs do, which writes nothing. Its errors are marked.
func (p *provider) read(ctx context.Context, do func(q querier) error) error {
	return p.connected(ctx, func(conn *pgx.Conn) error { return marked(do(conn)) })
}

// change runs do in one transaction. Unless the error is marked as unsure, nothing was changed.
func (p *provider) change(ctx context.Context, do func(q querier) error) error {
	return p.connected(ctx, func(conn *pgx.Conn) error { return transaction(ctx, conn, do) })
}

// turn is the advisory lock that our changes take one after another: PostgreSQL refuses to change the rights on one
// object twice at once ("tuple concurrently updated").
const turn = 0x757368 // "ush"

func transaction(ctx context.Context, conn *pgx.Conn, do func(q querier) error) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return marked(err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // after a commit it does nothing; a lost connection rolls back as well
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", turn); err != nil {
		return marked(err)
	}
	if err := do(tx); err != nil {
		return marked(err)
	}
	if err := ctx.Err(); err != nil {
		return marked(err)
	}
	return final(tx.Commit(ctx))
}

// final marks the answer to what takes effect by itself: a COMMIT, or ending a session. Only here may a lost connection
// hide a change. pgconn.SafeToRetry is of no use: it says yes to an answer to COMMIT that was lost (pgx 5.12.0).
func final(err error) error {
	var said *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &said) && said.SeverityUnlocalized == "ERROR", errors.Is(err, pgx.ErrTxCommitRollback):
		return marked(err)
	}
	return connectors.Unsure(fmt.Errorf("no answer from the server: %w", err))
}

// exec runs statements one after another.
func exec(ctx context.Context, q querier, statements ...string) error {
	for _, statement := range statements {
		if _, err := q.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// quote writes a name as an SQL identifier. Names were checked before: see checkName.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
