-- +goose Up
-- What was held of a user or a group before is looked at when the directory writes of it again: whether it was denied, or
-- never decided.
create index held_changes_about_user on held_changes (user_id, seq) where user_id <> '';
create index held_changes_about_group on held_changes (group_id, seq) where group_id <> '';
create index held_changes_ends on held_changes (directory_id, kind)
    where kind in ('user_deleted', 'group_deleted') and status in ('gathering', 'waiting', 'approved');

-- +goose Down
select 1;
