package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/usherhq/usher/connectors"
)

// access is what an account holds in a schema, as read just now.
type access struct {
	schema, id string
	user       role
	objects    []object
	// held lists everything in the schema that names the account: rights, also on functions and columns, and what it
	// owns, which owned lists once more.
	held, owned []string
	// creators are the roles whose new tables we may decide about.
	creators []string
}

// object is the schema itself, a table or sequence in it, or the tables or sequences that a creator will make.
type object struct {
	what, kind string
	rights     []string
}

// The kinds of objects.
const (
	kindSchema   = "schema"
	kindTable    = "table"
	kindSequence = "sequence"
)

// wanted is what a level means on each kind of object.
var wanted = map[string]map[string][]string{
	levelRead:  {kindSchema: {"USAGE"}, kindTable: {"SELECT"}},
	levelWrite: {kindSchema: {"USAGE"}, kindTable: {"SELECT", "INSERT", "UPDATE", "DELETE"}, kindSequence: {"USAGE"}},
}

// objectsSQL lists the rights that the account holds itself, on what is there and on what will be. Owners hold all.
const objectsSQL = `
with tables as (
	select oid, relowner, relacl, case relkind when 'S' then 'sequence' else 'table' end as kind
	from pg_class where relnamespace = $1::oid and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
), creators as (
	select nspowner as oid from pg_namespace where oid = $1::oid union select relowner from tables
), objects as (
	select 'schema ' || quote_ident(nspname) as what, 'schema' as kind, coalesce(nspacl, acldefault('n', nspowner)) as acl
	from pg_namespace where oid = $1::oid
	union all
	select kind || ' ' || oid::regclass, kind, coalesce(relacl, acldefault(case kind when 'table' then 'r' else 's' end::"char", relowner))
	from tables
	union all
	select 'later ' || kinds.kind || 's of ' || quote_ident(pg_get_userbyid(creators.oid)), kinds.kind, d.defaclacl
	from creators cross join (values ('table', 'r'), ('sequence', 'S')) kinds (kind, letter)
	left join pg_default_acl d on d.defaclrole = creators.oid and d.defaclnamespace = $1::oid and d.defaclobjtype = kinds.letter::"char"
	where pg_has_role(creators.oid, 'usage') and creators.oid <> $2::oid
)
select what, kind, array(select distinct privilege_type from aclexplode(acl) where grantee = $2::oid) from objects order by what`

// heldSQL lists all objects of the schema that name the account in their rights or as their owner.
const heldSQL = `
select pg_describe_object(d.classid, d.objid, d.objsubid), d.deptype = 'o'
from pg_shdepend d
left join pg_default_acl a on d.classid = 'pg_default_acl'::regclass and a.oid = d.objid
cross join pg_identify_object(d.classid, d.objid, d.objsubid) i
where d.refclassid = 'pg_authid'::regclass and d.refobjid = $2::oid and d.deptype in ('a', 'o')
	and d.dbid = (select oid from pg_database where datname = current_database())
	and ($1::oid in (a.defaclnamespace, case when d.classid = 'pg_namespace'::regclass then d.objid end)
		or i.schema = (select quote_ident(nspname) from pg_namespace where oid = $1::oid))
order by 1`

const creatorsSQL = `
select pg_get_userbyid(oid) from (
	select nspowner as oid from pg_namespace where oid = $1::oid union select relowner from pg_class where relnamespace = $1::oid
) c where pg_has_role(oid, 'usage') and oid <> $2::oid order by 1`

func (p *provider) access(ctx context.Context, q querier, call connectors.Call) (a access, err error) {
	a.schema = schemaName(call)
	if a.id, err = findSchema(ctx, q, call); err != nil {
		return a, err
	}
	if a.user, err = p.findUser(ctx, q, call); err != nil || a.id == "" || !a.user.exists {
		return a, err
	}
	if a.objects, err = list(ctx, q, objectsSQL, a, func(row pgx.CollectableRow) (o object, err error) {
		return o, row.Scan(&o.what, &o.kind, &o.rights)
	}); err != nil {
		return a, err
	}
	if a.held, err = list(ctx, q, heldSQL, a, func(row pgx.CollectableRow) (what string, err error) {
		var owns bool
		if err = row.Scan(&what, &owns); owns {
			a.owned = append(a.owned, what)
		}
		return what, err
	}); err != nil {
		return a, err
	}
	a.creators, err = list(ctx, q, creatorsSQL, a, pgx.RowTo[string])
	return a, err
}

// list reads the rows of one question about a schema and an account.
func list[T any](ctx context.Context, q querier, sql string, a access, scan pgx.RowToFunc[T]) ([]T, error) {
	rows, err := q.Query(ctx, sql, a.id, a.user.id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// lacking lists on what the account lacks a right that the level means.
func (a access) lacking(level string) []string {
	var lacking []string
	for _, o := range a.objects {
		for _, right := range wanted[level][o.kind] {
			if !slices.Contains(o.rights, right) {
				lacking = append(lacking, right+" on "+o.what)
			}
		}
	}
	return lacking
}

// level is the highest level that the account has in full, or "".
func (a access) level() string {
	switch {
	case len(a.objects) == 0:
		return ""
	case len(a.lacking(levelWrite)) == 0:
		return levelWrite
	case len(a.lacking(levelRead)) == 0:
		return levelRead
	}
	return ""
}
