-- +goose Up
-- Action flows in full: scripts that wait for an answer, a callback or a deadline, and workflows written in plain
-- English. A previous version goes on beside it: all columns have defaults, and what waits without saying for what is
-- what waited before, a time or a person.

-- args: what the script was run with, placeholders filled in. waits_for: what a paused script waits for, '' is a time
-- or, without wake_at, a person. due_at and remind_at are its clocks. provider: slug of the provider at which it works.
-- round: how often a person had it tried anew after a final no, so that a target does not take it for the same try.
alter table action_flow_scripts add column args jsonb;
alter table action_flow_scripts add column provider text not null default '';
alter table action_flow_scripts add column waits_for text not null default ''
    check (waits_for in ('', 'answer', 'callback'));
alter table action_flow_scripts add column due_at timestamptz;
alter table action_flow_scripts add column remind_at timestamptz;
alter table action_flow_scripts add column round bigint not null default 0;
create index action_flow_scripts_due on action_flow_scripts (due_at) where status = 'paused' and due_at is not null;
create index action_flow_scripts_remind on action_flow_scripts (remind_at) where status = 'paused' and remind_at is not null;

-- Who was asked by a script, and may answer it.
create table script_people (
    script_id text not null references action_flow_scripts (id),
    person_id text not null references people (id),
    source text not null,
    primary key (script_id, person_id)
);
create index script_people_person on script_people (person_id);

-- A workflow's text in plain English, and which scripts each of its steps became. Empty where scripts were written.
-- written_for: slug of the entitlement from which it was begun in Slack.
alter table action_chains add column name text not null default '';
alter table action_chains add column written_for text not null default '';
create index entitlements_provision on entitlements (provision_chain);
create index entitlements_deprovision on entitlements (deprovision_chain);
alter table action_chain_versions add column text text not null default '';
alter table action_chain_versions add column steps jsonb;
alter table action_chain_versions add column tested_at timestamptz;
alter table action_chain_versions add column tested_by text not null default '';
alter table action_chain_versions add column published_by text not null default '';

-- +goose Down
select 1;
