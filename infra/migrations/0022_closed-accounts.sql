-- A user closes their account; it is deleted 14 days later, unless they sign in before.
alter table accounts.account
  add column closed_at timestamptz(3),
  add column deleted_at timestamptz(3),
  add column emptied_at timestamptz(3);
-- allowed: nothing has been released yet, so the table is small.
alter table accounts.account
  add constraint account_deleted_after_closing check (deleted_at is null or closed_at is not null),
  add constraint account_emptied_after_deleting check (emptied_at is null or deleted_at is not null);
-- allowed: as above.
create index account_closed on accounts.account (closed_at, id) where closed_at is not null and emptied_at is null;

-- The log of an account that is being deleted goes with it, and no other: the processes' role removes nothing from the log
-- by itself.
create function upkeep.forget_events_of(owner_id uuid, most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone integer;
begin
  if not exists (select from accounts.account where id = owner_id and deleted_at is not null) then
    raise exception 'The log of an account is kept until that is deleted.' using errcode = 'restrict_violation';
  end if;
  delete from activity.event where account_id = owner_id and number <= (
    select max(number) from (
      select number from activity.event where account_id = owner_id order by number limit most) as oldest);
  get diagnostics gone = row_count;
  return gone;
end
$$;
revoke all on function upkeep.forget_events_of(uuid, integer) from public;
