package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) sessionEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "end_sessions", Doc: "Ends the sessions that a person's account has open, in all databases of the server", Effect: connectors.Revokes,
		Args: []connectors.Field{userArg}, EndsSessions: true,
		Outputs: outputs(connectors.Field{Name: "sessions", Type: connectors.TypeInt, Doc: "how many sessions are open"}),
		Read:    p.readSessions,
		Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
			return p.connected(ctx, func(conn *pgx.Conn) error { return endSessions(ctx, conn, found.Seen.(role)) })
		},
		Did: func(call connectors.Call) string { return "Ended the sessions of " + p.userName(call) },
	}}
}

func (p *provider) readSessions(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
	err = p.read(ctx, func(q querier) error {
		r, err := p.findUser(ctx, q, call)
		state = connectors.State{Done: r.sessions == 0, Summary: r.name + " has " + r.open(), Seen: r, Output: map[string]any{
			"exists": r.exists, "id": r.id, "sessions": r.sessions,
		}}
		return err
	})
	return state, err
}

// goodbye is how long one session may take to end, in milliseconds: it first takes back what it had begun.
const goodbye = 5000

// endSessions ends what the account has open and waits for it. What is still open then, the read-back sees.
func endSessions(ctx context.Context, q querier, r role) error {
	_, err := q.Exec(ctx, "select pg_terminate_backend(pid, $2) from pg_stat_activity where usesysid = $1::oid", r.id, goodbye)
	return final(err)
}

// halfway marks an error after a first part was done for good: nobody may take it for "nothing was changed".
func halfway(done string, err error) error {
	if err == nil {
		return nil
	}
	return connectors.Unsure(fmt.Errorf("%s %w", done, err))
}
