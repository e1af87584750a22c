-- +goose Up
-- awaits_manager: by what the user calls his manager while nobody is known by it, '' otherwise. Whoever comes by that name is
-- made the manager at once.
alter table directory_users add column awaits_manager text not null default '';
create index directory_users_awaits on directory_users (directory_id, awaits_manager) where awaits_manager <> '';

-- +goose Down
select 1;
