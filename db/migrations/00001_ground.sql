-- +goose Up
-- The ground: people, the catalogue, requests, approvals, grants, actions, the outbox and the audit log.
-- One text for both databases: Postgres and SQLite. Statuses are closed lists, so that an unknown one is an
-- impossible row. Durations are whole seconds; times are UTC.

create table settings (
    key text primary key,
    value jsonb not null
);

create table people (
    id text primary key,
    email text not null unique check (email = lower(email)),
    name text not null,
    slack_id text unique,
    team_id text not null default '',
    department text not null default '',
    title text not null default '',
    time_zone text not null default '',
    manager_email text not null default '',
    attributes jsonb not null,
    kind text not null check (kind in ('member', 'guest', 'bot', 'stranger')),
    active boolean not null,
    in_slack boolean not null,
    synced_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index people_manager on people (manager_email);

create table groups (
    id text primary key,
    source text not null check (source in ('slack', 'directory', 'config')),
    handle text not null,
    name text not null,
    slack_id text unique,
    synced_at timestamptz,
    unique (source, handle)
);
create table group_members (
    group_id text not null references groups (id) on delete cascade,
    person_id text not null references people (id) on delete cascade,
    primary key (group_id, person_id)
);
create index group_members_person on group_members (person_id);

create table providers (
    id text primary key,
    slug text not null unique,
    name text not null,
    connector text not null,
    owner_email text not null default '',
    workers bigint not null check (workers between 1 and 100),
    rate text not null default '',
    settings jsonb not null,
    endpoints jsonb not null,
    active boolean not null,
    updated_at timestamptz not null
);

create table approval_chains (
    id text primary key,
    slug text not null unique,
    version bigint not null,
    steps jsonb not null,
    active boolean not null,
    updated_at timestamptz not null
);

create table action_chains (
    id text primary key,
    slug text not null unique,
    kind text not null check (kind in ('provision', 'deprovision')),
    active boolean not null,
    updated_at timestamptz not null
);
create table action_chain_versions (
    id text primary key,
    chain_id text not null references action_chains (id),
    number bigint not null,
    status text not null check (status in ('draft', 'tested', 'published', 'retired')),
    scripts jsonb not null,
    author text not null,
    created_at timestamptz not null,
    published_at timestamptz,
    unique (chain_id, number)
);
create unique index action_chain_versions_published on action_chain_versions (chain_id) where status = 'published';

create table entitlements (
    id text primary key,
    slug text not null unique,
    provider_id text not null references providers (id),
    kind text not null check (kind in ('user', 'group', 'role', 'entity', 'license')),
    target text not null,
    name text not null,
    description text not null default '',
    owner_email text not null default '',
    risk text not null check (risk in ('low', 'medium', 'high')),
    durations jsonb not null,
    requestable_by text not null default '',
    approval jsonb not null,
    provision_chain text not null,
    deprovision_chain text not null,
    active boolean not null,
    updated_at timestamptz not null
);
create index entitlements_target on entitlements (provider_id, kind, target);
create index entitlements_name on entitlements (name);

create table requests (
    id text primary key,
    requester_id text not null references people (id),
    reason text not null,
    status text not null check (status in ('pending', 'approved', 'denied', 'cancelled', 'lapsed')),
    submission text not null unique,
    channel text not null,
    lapses_at timestamptz not null,
    created_at timestamptz not null,
    decided_at timestamptz
);
create index requests_requester on requests (requester_id, created_at);
create index requests_pending on requests (lapses_at) where status = 'pending';

create table request_items (
    id text primary key,
    request_id text not null references requests (id),
    position bigint not null,
    entitlement_id text not null references entitlements (id),
    subject_id text not null references people (id),
    duration bigint not null check (duration > 0),
    starts_at timestamptz,
    extends_grant_id text,
    provision_version_id text not null references action_chain_versions (id),
    deprovision_version_id text not null references action_chain_versions (id),
    plan jsonb not null,
    status text not null check (status in ('pending', 'approved', 'denied', 'cancelled', 'lapsed')),
    unique (request_id, position)
);
create index request_items_subject on request_items (subject_id, entitlement_id);

create table approval_flows (
    id text primary key,
    item_id text not null unique references request_items (id),
    request_id text not null references requests (id),
    chain text not null,
    chain_version bigint not null,
    rule text not null,
    status text not null check (status in ('open', 'approved', 'denied', 'cancelled', 'lapsed')),
    decided_at timestamptz
);
create index approval_flows_request on approval_flows (request_id);
create table approval_steps (
    id text primary key,
    flow_id text not null references approval_flows (id),
    request_id text not null references requests (id),
    position bigint not null,
    spec jsonb not null,
    need bigint not null check (need >= 1),
    status text not null check (status in ('waiting', 'open', 'approved', 'denied', 'cancelled', 'lapsed')),
    escalated boolean not null,
    opened_at timestamptz,
    due_at timestamptz,
    remind_at timestamptz,
    closed_at timestamptz,
    unique (flow_id, position)
);
create index approval_steps_request on approval_steps (request_id);
create index approval_steps_open on approval_steps (status) where status = 'open';
create table approvers (
    step_id text not null references approval_steps (id),
    person_id text not null references people (id),
    source text not null,
    primary key (step_id, person_id)
);
create index approvers_person on approvers (person_id);
create table decisions (
    id text primary key,
    step_id text not null references approval_steps (id),
    person_id text not null references people (id),
    verdict text not null check (verdict in ('approved', 'denied')),
    reason text not null default '',
    decided_at timestamptz not null,
    unique (step_id, person_id)
);

create table grants (
    id text primary key,
    item_id text not null unique references request_items (id),
    request_id text not null references requests (id),
    subject_id text not null references people (id),
    entitlement_id text not null references entitlements (id),
    provision_version_id text not null references action_chain_versions (id),
    deprovision_version_id text not null references action_chain_versions (id),
    status text not null check (status in ('scheduled', 'provisioning', 'active', 'ending', 'ended')),
    duration bigint not null check (duration > 0),
    starts_at timestamptz not null,
    active_at timestamptz,
    expires_at timestamptz,
    end_cause text not null default '' check (end_cause in ('', 'expired', 'returned', 'revoked', 'cancelled')),
    ended_at timestamptz,
    created_at timestamptz not null
);
create index grants_subject on grants (subject_id, status);
create index grants_live on grants (entitlement_id, subject_id) where status <> 'ended';
create index grants_request on grants (request_id);
create index grants_starting on grants (starts_at) where status = 'scheduled';
create index grants_due on grants (expires_at) where status = 'active';

create table action_flows (
    id text primary key,
    grant_id text not null references grants (id),
    request_id text not null references requests (id),
    kind text not null check (kind in ('provision', 'deprovision')),
    version_id text not null references action_chain_versions (id),
    target_key text not null,
    status text not null check (status in ('queued', 'running', 'failed', 'succeeded', 'cancelled')),
    cancelling boolean not null,
    retry_at timestamptz,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz
);
create unique index action_flows_one_per_grant on action_flows (grant_id) where status in ('running', 'failed');
create unique index action_flows_one_per_target on action_flows (target_key) where status = 'running';
create index action_flows_grant on action_flows (grant_id);
create index action_flows_request on action_flows (request_id);
create index action_flows_queue on action_flows (target_key, created_at) where status = 'queued';
create index action_flows_retry on action_flows (retry_at) where status = 'failed';
create index action_flows_unfinished on action_flows (status) where status in ('queued', 'running', 'failed');

create table action_flow_scripts (
    id text primary key,
    flow_id text not null references action_flows (id),
    request_id text not null references requests (id),
    position bigint not null,
    name text not null,
    type text not null,
    spec jsonb not null,
    status text not null check (status in ('waiting', 'running', 'paused', 'succeeded', 'skipped', 'failed', 'done_by_hand')),
    outcome text not null default '' check (outcome in ('', 'applied', 'already', 'refused', 'transient', 'unknown')),
    summary text not null default '',
    output jsonb not null,
    evidence jsonb not null,
    attempts bigint not null,
    wake_at timestamptz,
    claimed_by text not null default '',
    claimed_until timestamptz,
    verify_for text not null default '',
    started_at timestamptz,
    ended_at timestamptz,
    unique (flow_id, position),
    unique (flow_id, name)
);
create index action_flow_scripts_unfinished on action_flow_scripts (status) where status in ('running', 'paused');

create table lanes (
    name text primary key,
    claimed_by text not null default '',
    claimed_until timestamptz
);
create table messages (
    id text primary key,
    key text not null unique,
    lane text not null references lanes (name),
    position bigint not null,
    purpose text not null,
    ref text not null default '',
    request_id text not null default '',
    person_id text not null default '',
    channel text not null default '',
    ts text not null default '',
    batch text not null default '',
    content_hash text not null default '',
    wanted bigint not null,
    done bigint not null,
    status text not null check (status in ('waiting', 'sending', 'posted', 'refused')),
    sending_since timestamptz,
    attempts bigint not null,
    next_at timestamptz,
    error text not null default '',
    created_at timestamptz not null
);
create index messages_due on messages (lane, position) where wanted > done;
create index messages_place on messages (channel, ts);
create index messages_request on messages (request_id, purpose);
create index messages_ref on messages (ref, purpose);

create table seen_events (
    id text primary key,
    seen_at timestamptz not null
);

create table audit_head (
    id bigint primary key check (id = 1),
    seq bigint not null,
    hash text not null
);
insert into audit_head (id, seq, hash) values (1, 0, '');
create table audit_events (
    seq bigint primary key,
    at text not null,
    actor text not null,
    actor_kind text not null check (actor_kind in ('person', 'system', 'operator', 'directory')),
    action text not null,
    request text not null,
    grant_id text not null,
    subject text not null,
    entitlement text not null,
    provider text not null,
    flow text not null,
    script text not null,
    outcome text not null,
    details text not null,
    hash text not null
);
create index audit_events_request on audit_events (request, seq);
create index audit_events_at on audit_events (at);

-- +goose Down
select 1;
