-- +goose Up
-- takes: this change of attributes ends somebody's time or takes access from him, so that the breaker counts it.
-- upto: the newest change that whoever decided on a stop had seen; what came later is judged anew.
-- A previous version goes on beside it: what it writes counts for less, so that people are asked once more at most.
alter table directory_changes add column takes boolean not null default false;
create index directory_changes_takes on directory_changes (directory_id, created_at) where takes;
alter table directory_stops add column upto bigint not null default 0;
create index directory_groups_group on directory_groups (group_id) where group_id is not null;

-- +goose Down
select 1;
