package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherhq/usher/connectors"
)

// role is an account or a group role as read just now: PostgreSQL makes no difference but the right to log in.
type role struct {
	id, name string
	exists   bool
	login    bool
	// validUntil is when its password expires; zero if never.
	validUntil time.Time
	// members says that others are in it, which makes it a group role.
	members bool
	// reserved says that it is a superuser or the connector's own account; powerful, that its members can become that.
	reserved, powerful bool
	// sessions is how many connections its owner has open, in all databases.
	sessions int
}

const roleSQL = `
select r.oid::text, r.rolcanlogin,
	case when isfinite(r.rolvaliduntil) then r.rolvaliduntil end,
	exists (select from pg_auth_members m where m.roleid = r.oid),
	r.rolsuper or r.rolname in (current_user, session_user),
	exists (select from pg_roles s where (s.rolsuper or s.rolname in (current_user, session_user)) and pg_has_role(r.oid, s.oid, 'member')),
	(select count(*) from pg_stat_activity a where a.usesysid = r.oid)
from pg_roles r where r.rolname = $1`

// findRole reads a role. Reserved ones are refused: who administers the server is not decided here.
func findRole(ctx context.Context, q querier, name string) (role, error) {
	r := role{name: name}
	var validUntil *time.Time
	err := q.QueryRow(ctx, roleSQL, name).Scan(&r.id, &r.login, &validUntil, &r.members, &r.reserved, &r.powerful, &r.sessions)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return r, nil
	case err != nil:
		return r, err
	case r.reserved:
		return r, connectors.Refuse(fmt.Errorf("%s is a superuser or the provider's own account and is left alone", name))
	}
	if validUntil != nil {
		r.validUntil = *validUntil
	}
	r.exists = true
	return r, nil
}

// findUser reads the person's account. A role with members that cannot log in is a group role and no account.
func (p *provider) findUser(ctx context.Context, q querier, call connectors.Call) (role, error) {
	if err := p.checkUser(call); err != nil {
		return role{}, err
	}
	r, err := findRole(ctx, q, p.userName(call))
	if err == nil && r.exists && !r.login && r.members {
		err = connectors.Refuse(fmt.Errorf("%s is a role that others are in, not a person's account", r.name))
	}
	return r, err
}

// findGroupRole reads a group role. An account is none.
func findGroupRole(ctx context.Context, q querier, call connectors.Call) (role, error) {
	if err := checkRole(call); err != nil {
		return role{}, err
	}
	r, err := findRole(ctx, q, roleName(call))
	if err == nil && r.login {
		err = connectors.Refuse(fmt.Errorf("%s is an account that can log in, not a role", r.name))
	}
	return r, err
}

// describe says what was found of an account.
func (r role) describe() string {
	switch {
	case !r.exists:
		return r.name + " has no account"
	case !r.login && r.sessions == 0:
		return r.name + " has a disabled account"
	case !r.login:
		return fmt.Sprintf("%s has a disabled account and %s", r.name, r.open())
	}
	return r.name + " has an active account"
}

// open says how many sessions there are.
func (r role) open() string {
	switch r.sessions {
	case 0:
		return "no open session"
	case 1:
		return "1 open session"
	}
	return fmt.Sprintf("%d open sessions", r.sessions)
}
