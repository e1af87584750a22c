-- +goose Up
-- The comparison of a directory with what its source has can take hours, so it is made piece by piece. comparing: where
-- it is, '' if none is under way. seen: the comparison that found the user or the group last.
alter table directories add column comparing text not null default '';
alter table directory_users add column seen bigint not null default 0;
alter table directory_groups add column seen bigint not null default 0;

-- +goose Down
select 1;
