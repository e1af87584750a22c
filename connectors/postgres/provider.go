package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherhq/usher/connectors"
)

// provider is one opened server.
type provider struct {
	config      *pgx.ConnConfig
	account     string
	consistency time.Duration
}

// described lists the endpoints without their functions.
func described() []connectors.Endpoint {
	endpoints := (&provider{}).Endpoints()
	for i := range endpoints {
		endpoints[i].Read, endpoints[i].Write = nil, nil
	}
	return endpoints
}

// Endpoints lists what can be done.
func (p *provider) Endpoints() []connectors.Endpoint {
	var all []connectors.Endpoint
	for _, some := range [][]connectors.Endpoint{
		p.userEndpoints(), p.sessionEndpoints(), p.roleEndpoints(), p.memberEndpoints(), p.schemaEndpoints(), p.accessEndpoints(),
	} {
		all = append(all, some...)
	}
	for i := range all {
		all[i].Consistency = p.consistency
	}
	return all
}

// Check logs in and looks what the connector's own account may do.
func (p *provider) Check(ctx context.Context) error {
	return p.read(ctx, func(q querier) error {
		var version int
		var standby, makesRoles, endsSessions bool
		err := q.QueryRow(ctx, `select current_setting('server_version_num')::int, pg_is_in_recovery(),
			rolsuper or rolcreaterole, rolsuper or pg_has_role('pg_signal_backend', 'usage')
			from pg_roles where rolname = current_user`).Scan(&version, &standby, &makesRoles, &endsSessions)
		switch {
		case err != nil:
			return err
		case version < 140000:
			return errors.New("the server is older than PostgreSQL 14")
		case standby:
			return errors.New("the server is a standby: let the provider's url name the primary")
		case !makesRoles:
			return fmt.Errorf("the provider's account may not make accounts: run ALTER ROLE %s CREATEROLE as a superuser", quote(p.config.User))
		case !endsSessions:
			return fmt.Errorf("the provider's account may not end sessions: run GRANT pg_signal_backend TO %s as a superuser", quote(p.config.User))
		}
		return nil
	})
}

// outputs is what every endpoint tells, and more.
func outputs(more ...connectors.Field) []connectors.Field {
	return append([]connectors.Field{
		{Name: "exists", Type: connectors.TypeBool, Doc: "whether it is there"},
		{Name: "id", Type: connectors.TypeString, Doc: "the server's own number for it (OID); empty if it is not there"},
	}, more...)
}
