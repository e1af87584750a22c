-- +goose Up
-- What rules say of people, and whose access is to be looked at because something about them changed. A previous version
-- goes on beside it: it gives nothing by rules.

-- birthright: slug of the rule that asks for the access.
alter table request_items add column birthright text not null default '';

-- behind: while a changed or opened rule is applied to everybody, the id of the last person who was looked at.
alter table birthrights add column pending boolean not null default false;
alter table birthrights add column behind text not null default '';

-- One row for each access that a rule gives a person now. until: of a rule that is open for a while. blocked: why the access
-- can't be given, a sentence. Where the access is not held all the same, a person said so.
create table birthright_people (
    person_id text not null references people (id),
    birthright text not null,
    entitlement_id text not null references entitlements (id),
    since timestamptz not null,
    until timestamptz,
    blocked text not null default '',
    primary key (person_id, birthright, entitlement_id)
);
create index birthright_people_rule on birthright_people (birthright, person_id);

-- mark: another one each time that something changed. fields: which attributes did. leaving: why the person left, a
-- sentence; empty: he is here.
create table unsettled_people (
    person_id text primary key references people (id),
    mark text not null,
    fields jsonb not null,
    directory text not null default '',
    change_id text not null default '',
    leaving text not null default '',
    marked_at timestamptz not null
);
create index unsettled_people_order on unsettled_people (marked_at, person_id);

-- back: slugs of the providers at which the account was suspended, so that a return wakes it.
alter table departures add column back jsonb not null default '[]';
create index departures_person on departures (person_id, started_at);

-- +goose Down
select 1;
