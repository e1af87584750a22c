-- +goose Up
-- Approvals in full, administration in Slack and access reviews. A previous version goes on beside it: all columns
-- have defaults that mean what was before.

-- kind: access is somebody's ask; change is an edit of the configuration that another person has to approve.
-- emergency: asked for by the declared emergency path. nudges, nudged_at: how often and when the requester had the
-- approvers reminded.
alter table requests add column kind text not null default 'access' check (kind in ('access', 'change'));
alter table requests add column emergency boolean not null default false;
alter table requests add column nudges bigint not null default 0;
alter table requests add column nudged_at timestamptz;

-- ruled: slug of the approval rule that decided instead of a chain. conflicts: separations of duties that this item
-- touches, as they were shown to the approvers.
alter table approval_flows add column ruled text not null default '';
alter table approval_flows add column conflicts jsonb;

-- skipped: why the step was passed over, '' if it was not. hops: how far the search for approvers went beyond whom the
-- step names. handed: who handed the decision to whom. on_call: who was found to be on call, by source.
-- approvals of a step that was passed over count as given: its status is approved.
alter table approval_steps add column skipped text not null default '';
alter table approval_steps add column hops jsonb;
alter table approval_steps add column handed jsonb;
alter table approval_steps add column on_call jsonb;

-- must: people each of whom has to approve, where the chain says all. short: fewer who may decide were found than have to.
-- on_call_at: when it is to be asked next who is on call. looked_at: when who may decide was looked up last.
alter table approval_steps add column must jsonb;
alter table approval_steps add column short boolean not null default false;
alter table approval_steps add column on_call_at timestamptz;
alter table approval_steps add column looked_at timestamptz;
create index approval_steps_on_call on approval_steps (on_call_at) where status = 'open';
create index approval_steps_looked on approval_steps (looked_at) where status = 'open';
create index approval_steps_short on approval_steps (opened_at) where status = 'open' and short;

-- for_id: in whose place a delegate stands, '' is his own. proof: of the second factor, if one was asked for.
alter table approvers add column for_id text not null default '';
alter table decisions add column for_id text not null default '';
alter table decisions add column proof jsonb;

alter table approval_chains add column name text not null default '';
alter table approval_chains add column pending bigint not null default 0;

create table delegations (
    id text primary key,
    person_id text not null references people (id),
    to_id text references people (id),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    note text not null default '',
    created_by text not null references people (id),
    created_at timestamptz not null,
    applied_at timestamptz,
    ended_at timestamptz,
    settled_at timestamptz,
    check (to_id is null or to_id <> person_id),
    check (ends_at > starts_at)
);
create index delegations_person on delegations (person_id, ends_at);
create index delegations_to on delegations (to_id, ends_at);

create table questions (
    id text primary key,
    request_id text not null references requests (id),
    item_id text not null references request_items (id),
    step_id text not null references approval_steps (id),
    asked_by text not null references people (id),
    text text not null,
    asked_at timestamptz not null,
    answered_by text references people (id),
    answer text not null default '',
    answered_at timestamptz
);
create index questions_request on questions (request_id);

-- Rules that decide without a person. ends_at: they hold no longer from then on; null is without an end.
create table approval_rules (
    id text primary key,
    slug text not null unique,
    name text not null,
    effect text not null check (effect in ('approve', 'deny')),
    condition text not null,
    entitlements jsonb not null,
    reason text not null default '',
    ends_at timestamptz,
    active boolean not null,
    updated_at timestamptz not null
);

-- Sets of entitlements of which one person may hold one. step: the approval step that is asked besides, if effect is ask.
create table separations (
    id text primary key,
    slug text not null unique,
    name text not null,
    entitlements jsonb not null,
    effect text not null check (effect in ('block', 'ask')),
    step jsonb,
    reason text not null default '',
    active boolean not null,
    updated_at timestamptz not null
);

alter table entitlements add column emergency jsonb;

-- The second factor of a person: a secret for time-based codes, sealed with the installation's key. last_counter: the
-- time step of the newest code that was taken, so that no code counts twice.
create table second_factors (
    person_id text primary key references people (id),
    sealed text not null,
    confirmed_at timestamptz,
    last_counter bigint not null default 0,
    failures bigint not null default 0,
    locked_until timestamptz,
    created_at timestamptz not null
);

-- A sign-in at the company's identity provider that proves who is about to decide. device: sealed.
create table sign_ins (
    id text primary key,
    person_id text not null references people (id),
    purpose text not null,
    device text not null,
    user_code text not null,
    verify_url text not null,
    poll_seconds bigint not null,
    polled_at timestamptz,
    status text not null check (status in ('waiting', 'proven', 'refused', 'used')),
    proof jsonb,
    error text not null default '',
    created_at timestamptz not null,
    ends_at timestamptz not null
);
create index sign_ins_person on sign_ins (person_id, created_at);

-- not_before: by the clock that people live in, the message is not sent before then; later ones of its lane are.
alter table messages add column not_before timestamptz;

-- Access reviews. overdue: what happens to what nobody decided in time. decided_for: in whose place a
-- delegate decided. usage: what the provider told of the use of the access.
create table reviews (
    id text primary key,
    kind text not null check (kind in ('scheduled', 'emergency')),
    title text not null,
    scope jsonb not null,
    reviewers jsonb not null,
    overdue text not null check (overdue in ('keep', 'remove')),
    status text not null check (status in ('open', 'done', 'cancelled')),
    created_by text not null,
    submission text not null unique,
    created_at timestamptz not null,
    due_at timestamptz not null,
    remind_at timestamptz,
    overdue_at timestamptz,
    ended_at timestamptz,
    channel text not null default ''
);
create index reviews_due on reviews (due_at) where status = 'open';
create index reviews_remind on reviews (remind_at) where status = 'open';
create table review_items (
    id text primary key,
    review_id text not null references reviews (id),
    grant_id text not null references grants (id),
    position bigint not null,
    status text not null check (status in ('open', 'kept', 'removed', 'ended')),
    decided_by text references people (id),
    decided_for text references people (id),
    by_default boolean not null default false,
    reason text not null default '',
    do_not_renew boolean not null default false,
    asked_at timestamptz,
    asked_by text references people (id),
    question text not null default '',
    answer text not null default '',
    answered_at timestamptz,
    decided_at timestamptz,
    usage text not null default '',
    unique (review_id, grant_id)
);
create index review_items_grant on review_items (grant_id);
create index review_items_open on review_items (review_id, position) where status = 'open';
create table review_people (
    item_id text not null references review_items (id),
    person_id text not null references people (id),
    source text not null,
    primary key (item_id, person_id)
);
create index review_people_person on review_people (person_id);

-- Why a grant is not to be given longer: '' if nothing stands against it.
alter table grants add column do_not_renew text not null default '';

-- What is open of a person's Home, so that drawing it anew keeps it.
alter table messages add column state text not null default '';

-- How the calls of each provider went lately.
create index action_flow_scripts_provider on action_flow_scripts (provider, started_at);

-- Which side wrote an object of the configuration last, and how often it was written, so that no edit overwrites
-- another unseen. differs_since: when a configuration file first wanted it otherwise and was not heard; null is never.
create table config_objects (
    kind text not null,
    slug text not null,
    revision bigint not null,
    origin text not null check (origin in ('file', 'slack')),
    written_by text not null,
    written_at timestamptz not null,
    differs_since timestamptz,
    primary key (kind, slug)
);

-- Edits that wait for another person. The approval goes through request_id. diff: the keys that would change, as text.
create table config_changes (
    id text primary key,
    request_id text not null unique references requests (id),
    kind text not null,
    slug text not null,
    verb text not null,
    title text not null,
    owner_email text not null default '',
    revision bigint not null,
    before_value jsonb,
    after_value jsonb,
    diff jsonb not null,
    status text not null check (status in ('pending', 'applied', 'refused', 'stale', 'ended')),
    error text not null default '',
    created_at timestamptz not null,
    ended_at timestamptz
);
create index config_changes_object on config_changes (kind, slug) where status = 'pending';

-- What somebody is writing in Slack about an object of the configuration. It has no effect, and is forgotten after a while.
create table drafts (
    id text primary key,
    person_id text not null references people (id),
    kind text not null,
    slug text not null,
    revision bigint not null,
    content jsonb not null,
    updated_at timestamptz not null
);
create index drafts_updated on drafts (updated_at);

-- The item of a request for a change refers to an entitlement like every other: this one, which nobody can be given.
insert into providers (id, slug, name, connector, workers, settings, endpoints, active, updated_at)
    values ('prv_usher', 'usher:configuration', 'Usher', 'usher', 1, '{}', '[]', false, '2026-11-27 00:00:00+00:00');
insert into action_chains (id, slug, kind, active, updated_at)
    values ('ach_usher', 'usher:configuration', 'provision', false, '2026-11-27 00:00:00+00:00');
insert into action_chain_versions (id, chain_id, number, status, scripts, author, created_at)
    values ('acv_usher', 'ach_usher', 1, 'retired', '[]', 'usher', '2026-11-27 00:00:00+00:00');
insert into entitlements (id, slug, provider_id, kind, target, name, risk, durations, approval, provision_chain, deprovision_chain, active, updated_at)
    values ('ent_usher', 'usher:configuration', 'prv_usher', 'entity', '', 'Configuration of Usher', 'high',
            '{"default":"1s","max":"1s","choices":[]}', '[]', 'usher:configuration', 'usher:configuration', false, '2026-11-27 00:00:00+00:00');

-- +goose Down
select 1;
