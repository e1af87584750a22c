-- +goose Up
-- The directory: what identity providers tell of people and groups, changes that wait for a decision, and what joiners,
-- movers and leavers get and lose. A previous version goes on beside it: all columns have defaults that mean what was
-- before.

-- origin: what made the request, '' is a person. directory: slug of the directory that caused it, if one did.
alter table requests add column origin text not null default ''
    check (origin in ('', 'held', 'birthright', 'departure', 'adjustment', 'return'));
alter table requests add column directory text not null default '';

-- An item that gives no access but carries something out once: title names it, owner_email is who owns it,
-- scripts are what is run, and flows with the same lane run one after another.
alter table request_items add column title text not null default '';
alter table request_items add column owner_email text not null default '';
alter table request_items add column scripts jsonb;
alter table request_items add column lane text not null default '';

-- birthright: slug of the rule that gave the access and holds it up. lost_at: when the rule stopped holding; expires_at
-- is then the end of its grace.
alter table grants add column birthright text not null default '';
alter table grants add column lost_at timestamptz;
create index grants_birthright on grants (birthright, subject_id) where birthright <> '' and status <> 'ended';

-- starts_at, ends_at: first and last moment of the person's employment, if the directory tells. left_at: when the
-- directory said that the person is gone; nobody who left is active, whatever Slack says. told_by: the directory that
-- knows the person.
alter table people add column starts_at timestamptz;
alter table people add column ends_at timestamptz;
alter table people add column left_at timestamptz;
alter table people add column employment text not null default '';
alter table people add column told_by text not null default '';
create index people_ends on people (ends_at) where ends_at is not null and left_at is null;
create index people_department on people (department);

create table directories (
    id text primary key,
    slug text not null unique,
    name text not null,
    kind text not null check (kind in ('scim', 'workos')),
    owner_email text not null default '',
    settings jsonb not null,
    policy jsonb not null,
    person_id text not null references people (id),
    active boolean not null,
    updated_at timestamptz not null,
    journal bigint not null default 0,
    waking boolean not null default false,
    cursor text not null default '',
    polled_at timestamptz,
    poll_after timestamptz,
    poll_error text not null default '',
    reconciled_at timestamptz
);
-- Held while the effects of a directory's changes are worked out, so that one process does so at a time.
create table directory_locks (
    directory_id text primary key references directories (id)
);
create table directory_tokens (
    id text primary key,
    directory_id text not null references directories (id),
    hash text not null unique,
    created_at timestamptz not null,
    ends_at timestamptz,
    used_at timestamptz
);

-- What a directory wrote, as it wrote it. resource: JSON text. told_at: the source's own clock, where it has one.
create table directory_users (
    id text primary key,
    directory_id text not null references directories (id),
    user_name text not null,
    user_key text not null,
    external_id text not null default '',
    email text not null default '',
    active boolean not null,
    resource text not null,
    version bigint not null,
    person_id text references people (id),
    told_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz
);
create unique index directory_users_name on directory_users (directory_id, user_key) where deleted_at is null;
create index directory_users_page on directory_users (directory_id, deleted_at, id);
create index directory_users_external on directory_users (directory_id, external_id) where deleted_at is null;
create index directory_users_email on directory_users (directory_id, email) where deleted_at is null;
create index directory_users_person on directory_users (person_id);
-- The further e-mail addresses of a user, in lower case, for whoever looks one up.
create table directory_addresses (
    user_id text not null references directory_users (id),
    address text not null,
    primary key (user_id, address)
);
create index directory_addresses_address on directory_addresses (address);

create table directory_groups (
    id text primary key,
    directory_id text not null references directories (id),
    display_name text not null,
    display_key text not null,
    external_id text not null default '',
    resource text not null,
    version bigint not null,
    group_id text references groups (id),
    told_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz
);
create unique index directory_groups_name on directory_groups (directory_id, display_key) where deleted_at is null;
create index directory_groups_page on directory_groups (directory_id, deleted_at, id);
create index directory_groups_external on directory_groups (directory_id, external_id) where deleted_at is null;

create table directory_members (
    group_id text not null references directory_groups (id),
    user_id text not null references directory_users (id),
    primary key (group_id, user_id)
);
create index directory_members_user on directory_members (user_id);

-- The journal: each write of a directory in the order in which it came. before_value, after_value: what differs.
-- members: ids of directory users, of a change of a group's members.
create table directory_changes (
    id text primary key,
    directory_id text not null references directories (id),
    seq bigint not null,
    event text not null default '',
    kind text not null check (kind in ('user_created', 'user_updated', 'user_suspended', 'user_resumed', 'user_deleted',
        'group_created', 'group_updated', 'group_deleted', 'group_emptied', 'members_added', 'members_removed',
        'directory_deleted')),
    user_id text not null default '',
    group_id text not null default '',
    label text not null,
    before_value jsonb,
    after_value jsonb,
    members jsonb,
    status text not null check (status in ('recorded', 'effective', 'held', 'stopped', 'discarded', 'stale', 'failed')),
    reason text not null default '',
    created_at timestamptz not null,
    settled_at timestamptz,
    unique (directory_id, seq)
);
create unique index directory_changes_event on directory_changes (directory_id, event) where event <> '';
create index directory_changes_recorded on directory_changes (directory_id, seq) where status = 'recorded';
create index directory_changes_stopped on directory_changes (directory_id, seq) where status = 'stopped';
create index directory_changes_pace on directory_changes (directory_id, kind, created_at);
create index directory_changes_user on directory_changes (user_id, seq) where user_id <> '';

-- Changes that wait for a decision, one row for each thing that is decided by itself. due_at: when those that were
-- gathered are asked about.
create table held_changes (
    id text primary key,
    directory_id text not null references directories (id),
    change_id text not null references directory_changes (id),
    seq bigint not null,
    kind text not null,
    user_id text not null default '',
    group_id text not null default '',
    label text not null,
    before_value jsonb,
    after_value jsonb,
    route text not null default '',
    status text not null check (status in ('gathering', 'waiting', 'approved', 'written', 'denied', 'expired', 'superseded',
        'discarded', 'failed')),
    superseded_by text not null default '',
    request_id text not null default '',
    item_id text not null default '',
    due_at timestamptz not null,
    created_at timestamptz not null,
    settled_at timestamptz
);
create index held_changes_gathering on held_changes (due_at) where status = 'gathering';
create index held_changes_item on held_changes (item_id) where item_id <> '';
create index held_changes_request on held_changes (request_id) where request_id <> '';
create index held_changes_user on held_changes (user_id) where status in ('gathering', 'waiting', 'approved');
create index held_changes_group on held_changes (group_id) where status in ('gathering', 'waiting', 'approved');

-- The breaker of a directory: it stopped changes, and a person says whether they go on.
create table directory_stops (
    id text primary key,
    directory_id text not null references directories (id),
    kind text not null,
    found bigint not null,
    allowed bigint not null,
    why text not null,
    status text not null check (status in ('open', 'resumed', 'discarded')),
    channel text not null default '',
    decided_by text references people (id),
    reason text not null default '',
    created_at timestamptz not null,
    ended_at timestamptz
);
create unique index directory_stops_open on directory_stops (directory_id) where status = 'open';

-- Where the directory says one thing and what is so is another.
create table drifts (
    id text primary key,
    directory_id text not null references directories (id),
    key text not null,
    kind text not null,
    person_id text references people (id),
    words text not null,
    since timestamptz not null,
    settled_at timestamptz
);
create unique index drifts_open on drifts (directory_id, key) where settled_at is null;

-- Rules that give people access because of who they are.
create table birthrights (
    id text primary key,
    slug text not null unique,
    name text not null,
    condition text not null,
    entitlements jsonb not null,
    chain text not null default '',
    grace bigint not null default 0,
    during jsonb,
    adjust jsonb,
    active boolean not null,
    updated_at timestamptz not null,
    next_at timestamptz
);
create index birthrights_next on birthrights (next_at) where next_at is not null;

-- People who left, with what was ended for each.
create table departures (
    id text primary key,
    person_id text not null references people (id),
    directory_id text not null default '',
    change_id text not null default '',
    request_id text not null default '',
    cause text not null,
    status text not null check (status in ('open', 'done', 'undone')),
    grants jsonb not null,
    started_at timestamptz not null,
    sessions_at timestamptz,
    done_at timestamptz,
    undone_at timestamptz,
    undone_by text references people (id)
);
create unique index departures_open on departures (person_id) where status = 'open';
create index departures_request on departures (request_id);

-- The item of a request that carries something out for a directory refers to an entitlement like every other: this one,
-- which nobody can be given.
insert into entitlements (id, slug, provider_id, kind, target, name, risk, durations, approval, provision_chain, deprovision_chain, active, updated_at)
    values ('ent_directory', 'usher:directory', 'prv_usher', 'entity', '', 'Change of the directory', 'medium',
            '{"default":"1s","max":"1s","choices":[]}', '[]', 'usher:configuration', 'usher:configuration', false, '2026-11-27 00:00:00+00:00');

-- +goose Down
select 1;
