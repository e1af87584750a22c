package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/usherhq/usher/connectors"
)

// membership is a role and an account as read just now, and whether the one holds the other: itself, or only through
// further roles.
type membership struct {
	group, user     role
	member, reaches bool
	grantor         string
}

func (p *provider) memberEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg, roleArg}
	out := outputs(
		connectors.Field{Name: "member", Type: connectors.TypeBool, Doc: "whether the account itself has the role"},
		connectors.Field{Name: "user_id", Type: connectors.TypeString, Doc: "the account's number (OID); empty if there is none"},
	)
	return []connectors.Endpoint{
		{
			Name: "add_user_to_role", Doc: "Grants a role to a person's account", Effect: connectors.Grants,
			Undo: "remove_user_from_role", Args: args, Outputs: out,
			Read: p.readMember(true), Write: p.addMember,
			Did: func(call connectors.Call) string { return "Gave " + p.userName(call) + " the role " + roleName(call) },
		},
		{
			Name: "remove_user_from_role", Doc: "Revokes a role from a person's account and ends its sessions: one that has SET the role would go on",
			Effect: connectors.Revokes, Undo: "add_user_to_role", Args: args, Outputs: out, EndsSessions: true,
			Read: p.readMember(false), Write: p.removeMember,
			Did: func(call connectors.Call) string {
				return "Took the role " + roleName(call) + " from " + p.userName(call)
			},
		},
	}
}

// readMember reads role and account. To grant, both must be there; to revoke, neither has to. Nobody can see which
// sessions have SET the role, so the role counts as revoked only when the account has none open.
func (p *provider) readMember(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		err = p.read(ctx, func(q querier) error {
			seen, err := p.membership(ctx, q, call)
			if err == nil && wanted {
				err = seen.grantable()
			}
			done := seen.member == wanted
			if !wanted && seen.group.exists {
				done = done && seen.user.sessions == 0
			}
			state = connectors.State{Done: done, Summary: seen.describe(), Seen: seen, Output: map[string]any{
				"exists": seen.group.exists, "id": seen.group.id, "member": seen.member, "user_id": seen.user.id,
			}}
			return err
		})
		return state, err
	}
}

const memberSQL = `
select pg_has_role($2::oid, $1::oid, 'member'), count(m.*) > 0, coalesce(min(pg_get_userbyid(m.grantor)), '')
from (select) one left join pg_auth_members m on m.roleid = $1::oid and m.member = $2::oid`

func (p *provider) membership(ctx context.Context, q querier, call connectors.Call) (seen membership, err error) {
	if seen.group, err = findGroupRole(ctx, q, call); err != nil {
		return seen, err
	}
	if seen.user, err = p.findUser(ctx, q, call); err != nil || !seen.user.exists || !seen.group.exists {
		return seen, err
	}
	err = q.QueryRow(ctx, memberSQL, seen.group.id, seen.user.id).Scan(&seen.reaches, &seen.member, &seen.grantor)
	return seen, err
}

// grantable refuses what cannot or must not be granted.
func (m membership) grantable() error {
	switch {
	case !m.group.exists:
		return connectors.Refuse(fmt.Errorf("there is no role called %s: create it, or correct the entitlement's target", m.group.name))
	case !m.user.exists:
		return connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", m.user.name))
	case m.group.powerful:
		return connectors.Refuse(fmt.Errorf("who has the role %s can become a superuser or the provider's own account, so it is not granted", m.group.name))
	}
	return nil
}

func (m membership) describe() string {
	switch {
	case !m.group.exists:
		return "There is no role called " + m.group.name
	case !m.user.exists:
		return m.user.name + " has no account"
	case m.member:
		return m.user.name + " has the role " + m.group.name
	case m.reaches:
		return fmt.Sprintf("%s has the role %s only through another role, and %s", m.user.name, m.group.name, m.user.open())
	}
	return fmt.Sprintf("%s does not have the role %s, and has %s", m.user.name, m.group.name, m.user.open())
}

func (p *provider) addMember(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	return p.change(ctx, func(q querier) error {
		return exec(ctx, q, "grant "+quote(seen.group.name)+" to "+quote(seen.user.name))
	})
}

// removeMember revokes, then ends the sessions.
func (p *provider) removeMember(ctx context.Context, call connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	return p.connected(ctx, func(conn *pgx.Conn) error {
		if !seen.member {
			return endSessions(ctx, conn, seen.user)
		}
		err := transaction(ctx, conn, func(q querier) error { return p.revoke(ctx, q, call, seen) })
		if err != nil {
			return err
		}
		return halfway("the role is revoked, but", endSessions(ctx, conn, seen.user))
	})
}

// revoke looks at what the statement did: one that may not take back what somebody else granted only warns.
func (p *provider) revoke(ctx context.Context, q querier, call connectors.Call, seen membership) error {
	if err := exec(ctx, q, "revoke "+quote(seen.group.name)+" from "+quote(seen.user.name)); err != nil {
		return err
	}
	left, err := p.membership(ctx, q, call)
	if err == nil && left.member {
		err = connectors.Refuse(fmt.Errorf("the role was granted by %s, who alone can revoke it", left.grantor))
	}
	return err
}
