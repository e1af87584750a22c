-- +goose Up
-- told: with how many changes that wait behind it the card of a stop was last asked for, so that it is drawn anew as more come.
-- A previous version goes on beside it: it draws the card once.
alter table directory_stops add column told bigint not null default 0;

-- +goose Down
select 1;
