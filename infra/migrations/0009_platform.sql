-- What the machinery keeps for itself.
create schema platform;

create table platform.clock_shift (
  id smallint not null,
  ahead_ms bigint not null,
  primary key (id),
  constraint clock_shift_forwards check (ahead_ms >= 0),
  constraint clock_shift_one_row check (id = 1)
);

-- The processes' role owns no table and removes nothing from the log: what is due of that, these functions of the owner
-- do. What is younger than 30 days, by the database's clock (moved where ours is moved), they leave alone whatever they
-- are told.
create schema upkeep;

create function upkeep.first_day_kept() returns date
language sql stable set search_path = pg_catalog, pg_temp as $$
  select (
    (now() + coalesce((select ahead_ms from platform.clock_shift), 0) * interval '1 millisecond') at time zone 'UTC'
  )::date - 30
$$;

create function upkeep.make_event_partition(day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  execute format(
    'create table if not exists activity.%I partition of activity.event for values from (%L) to (%L)',
    'event_' || to_char(day, 'YYYYMMDD'), day || ' 00:00:00+00', (day + 1) || ' 00:00:00+00'
  );
end
$$;

create function upkeep.drop_event_partition(day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if day >= upkeep.first_day_kept() then
    raise exception 'The log of % is kept.', day using errcode = 'restrict_violation';
  end if;
  execute format('drop table if exists activity.%I', 'event_' || to_char(day, 'YYYYMMDD'));
end
$$;

create function upkeep.forget_events_without_partition() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from activity.event_default where at < upkeep.first_day_kept()::timestamp at time zone 'UTC'
$$;

revoke all on function
  upkeep.make_event_partition(date),
  upkeep.drop_event_partition(date),
  upkeep.forget_events_without_partition()
from public;
