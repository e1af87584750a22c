// Package postgres changes who may log in to a PostgreSQL server and what they may do there: accounts, roles and the
// rights on schemas of one database. It works with PostgreSQL 14 and newer.
//
// The account that it logs in as needs CREATEROLE, to make accounts and roles, and the role pg_signal_backend, to end
// sessions; it must not be a superuser. Since PostgreSQL 16 it may change only the roles that it made or was given WITH
// ADMIN OPTION. To make schemas it needs CREATE on the database, and to grant rights it must be a member of the roles
// that own the schemas and tables (https://www.postgresql.org/docs/current/role-attributes.html).
//
// PostgreSQL lets an open session go on when its account is disabled, dropped or loses the role that it has SET, so the
// endpoints that take such access away end sessions as well. Roles and sessions belong to the whole server, schemas and
// rights to the database that the address names. Sessions on a standby are not seen.
//
// Every change is one transaction: what failed before its end was not made, and only a lost answer to its COMMIT leaves
// anything open. A connection lives for one call.
package postgres

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/usherhq/usher/connectors"
)

// The values of the setting account: what an account is called.
const (
	byEmail     = "email"
	byLocalPart = "local_part"
)

// Connector makes providers that are PostgreSQL servers. Its zero value is ready.
type Connector struct{}

// Info describes the settings and endpoints.
func (Connector) Info() connectors.Info {
	return connectors.Info{
		Name: "postgres",
		Doc:  "Accounts, roles and rights on schemas at a PostgreSQL server",
		Settings: []connectors.Field{
			{Name: "url", Type: connectors.TypeString, Required: true, Secret: true, Doc: "postgres:// address with user, password and database, as env:NAME or file:PATH"},
			{Name: "account", Type: connectors.TypeString, Doc: "what a person's account is called: email (default) or local_part, the part before the @"},
			{Name: "consistency", Type: connectors.TypeString, Doc: "how long a change may take to show, for example 5s; 1s if absent"},
		},
		Endpoints: described(),
	}
}

// defaultConsistency is for what ends by itself a moment after it was told to, such as a session.
const defaultConsistency = time.Second

// Open checks the settings and makes a provider.
func (Connector) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	address, err := deps.Secret(text(settings["url"]))
	if err != nil {
		return nil, fmt.Errorf("setting %q: %w", "url", err)
	}
	p := &provider{account: text(settings["account"]), consistency: defaultConsistency}
	if p.config, err = config(address); err != nil {
		return nil, fmt.Errorf("setting %q: %w", "url", err)
	}
	switch p.account {
	case "":
		p.account = byEmail
	case byEmail, byLocalPart:
	default:
		return nil, fmt.Errorf("setting %q: %q is none of %s, %s", "account", p.account, byEmail, byLocalPart)
	}
	if value := text(settings["consistency"]); value != "" {
		if p.consistency, err = time.ParseDuration(value); err != nil || p.consistency < 0 {
			return nil, fmt.Errorf("setting %q: %q is not a duration such as 5s", "consistency", value)
		}
	}
	return p, nil
}

// config reads the address. Its errors do not repeat it: it holds a password.
func config(address string) (*pgx.ConnConfig, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, errors.New("an address such as postgres://user:password@host/database is needed")
	}
	parsed, err := pgx.ParseConfig(address)
	if err != nil || parsed.User == "" || parsed.Database == "" {
		return nil, errors.New("the address cannot be read; it must be like postgres://user:password@host/database")
	}
	// Nothing is prepared: a connection makes few calls, and a pooler in between may not know prepared statements.
	parsed.DefaultQueryExecMode = pgx.QueryExecModeExec
	if parsed.RuntimeParams["application_name"] == "" {
		parsed.RuntimeParams["application_name"] = "usher"
	}
	return parsed, nil
}

// text reads a setting that may be written as text or as a plain YAML value.
func text(value any) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}
