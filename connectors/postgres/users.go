package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) userEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg}
	out := outputs(connectors.Field{Name: "active", Type: connectors.TypeBool, Doc: "whether the account may log in"})
	return []connectors.Endpoint{
		{
			Name: "get_user", Doc: "Reads a person's account", Effect: connectors.Reads, Args: args, Outputs: out,
			Read: p.readUser(func(role) bool { return true }),
		},
		{
			Name: "create_user", Doc: "Creates a person's account (a role that may log in, without a password), or enables a disabled one",
			Effect: connectors.Grants, Undo: "disable_user", Outputs: out,
			Args: []connectors.Field{userArg, {Name: "valid_until", Type: connectors.TypeString, Doc: "RFC 3339 time or date until which a password of the account counts; other ways to log in ignore it"}},
			Read: p.readNewUser, Write: p.createUser,
			Did: func(call connectors.Call) string { return "Gave " + p.userName(call) + " an active account" },
		},
		{
			Name: "enable_user", Doc: "Gives the right to log in back to a person's account; refused if there is none", Effect: connectors.Grants,
			Undo: "disable_user", Args: args, Outputs: out, Read: p.readBlocked,
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				return p.change(ctx, func(q querier) error { return exec(ctx, q, "alter role "+quote(found.Seen.(role).name)+" login") })
			},
			Did: func(call connectors.Call) string { return "Enabled the account of " + p.userName(call) },
		},
		{
			Name: "disable_user", Doc: "Takes the right to log in from a person's account and ends its sessions", Effect: connectors.Revokes,
			Undo: "create_user", Args: args, Outputs: out, EndsSessions: true,
			Read:  p.readUser(func(r role) bool { return !r.exists || !r.login && r.sessions == 0 }),
			Write: p.disableUser,
			Did:   func(call connectors.Call) string { return "Disabled the account of " + p.userName(call) },
		},
		{
			Name: "delete_user", Doc: "Ends the sessions of a person's account and drops it; refused while it owns anything or holds rights of its own",
			Effect: connectors.Revokes, Undo: "create_user", Args: args, Outputs: out, EndsSessions: true,
			Read:  p.readUser(func(r role) bool { return !r.exists }),
			Write: p.deleteUser,
			Did:   func(call connectors.Call) string { return "Deleted the account of " + p.userName(call) },
		},
	}
}

// readUser reads the account and lets done judge it.
func (p *provider) readUser(done func(role) bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		err = p.read(ctx, func(q querier) error {
			r, err := p.findUser(ctx, q, call)
			state = connectors.State{Done: done(r), Summary: r.describe(), Seen: r, Output: map[string]any{
				"exists": r.exists, "id": r.id, "active": r.login,
			}}
			return err
		})
		return state, err
	}
}

// readBlocked wants the account that is there to have the right to log in; none is made.
func (p *provider) readBlocked(ctx context.Context, call connectors.Call) (connectors.State, error) {
	state, err := p.readUser(func(r role) bool { return r.login })(ctx, call)
	if err == nil && !state.Seen.(role).exists {
		return connectors.State{}, connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", p.userName(call)))
	}
	return state, err
}

// readNewUser wants an account that may log in, and its valid_until if that was given.
func (p *provider) readNewUser(ctx context.Context, call connectors.Call) (connectors.State, error) {
	until, err := validUntil(call)
	if err != nil {
		return connectors.State{}, err
	}
	return p.readUser(func(r role) bool { return r.login && (until.IsZero() || until.Equal(r.validUntil)) })(ctx, call)
}

// validUntil reads the argument; zero if it is absent.
func validUntil(call connectors.Call) (time.Time, error) {
	value := call.Text("valid_until", "")
	if value == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, value); err == nil {
			return at.UTC().Truncate(time.Second), nil
		}
	}
	return time.Time{}, connectors.Refuse(fmt.Errorf("argument %q: %q is no time such as 2026-05-04T10:00:00Z or 2026-05-04", "valid_until", value))
}

func (p *provider) createUser(ctx context.Context, call connectors.Call, found connectors.State) error {
	until, err := validUntil(call)
	if err != nil {
		return err
	}
	statement := "create role "
	if found.Seen.(role).exists {
		statement = "alter role "
	}
	statement += quote(p.userName(call)) + " login"
	if !until.IsZero() {
		statement += " valid until '" + until.Format(time.RFC3339) + "'"
	}
	return p.change(ctx, func(q querier) error { return exec(ctx, q, statement) })
}

// disableUser closes the door first, so that nobody comes in again while sessions are ended.
func (p *provider) disableUser(ctx context.Context, _ connectors.Call, found connectors.State) error {
	r := found.Seen.(role)
	return p.connected(ctx, func(conn *pgx.Conn) error { return disable(ctx, conn, r) })
}

func disable(ctx context.Context, conn *pgx.Conn, r role) error {
	if !r.login {
		return endSessions(ctx, conn, r)
	}
	err := transaction(ctx, conn, func(q querier) error { return exec(ctx, q, "alter role "+quote(r.name)+" nologin") })
	if err != nil {
		return err
	}
	return halfway("the account can no longer log in, but", endSessions(ctx, conn, r))
}

// errTrial takes a trial back.
var errTrial = errors.New("trial")

// deleteUser tries the drop first: where something is owned, the account stays as it is. Then it is closed and its
// sessions end, since the server would let them go on, and only then is it dropped.
func (p *provider) deleteUser(ctx context.Context, _ connectors.Call, found connectors.State) error {
	r := found.Seen.(role)
	drop := "drop role " + quote(r.name)
	return p.connected(ctx, func(conn *pgx.Conn) error {
		err := transaction(ctx, conn, func(q querier) error {
			if err := exec(ctx, q, drop); err != nil {
				return err
			}
			return connectors.Retry(errTrial, 0)
		})
		if !errors.Is(err, errTrial) {
			return err
		}
		if err := disable(ctx, conn, r); err != nil {
			return err
		}
		err = transaction(ctx, conn, func(q querier) error { return exec(ctx, q, drop) })
		if err != nil {
			return halfway("the account can no longer log in, but", err)
		}
		return halfway("the account is dropped, but", endSessions(ctx, conn, r)) // a login that was under way at first
	})
}
