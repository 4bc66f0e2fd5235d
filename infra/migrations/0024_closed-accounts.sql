-- A user closes their account, which is deleted 14 days later unless they sign in before, and gets a copy of it.
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

-- A user gets a copy of all that is held of their account: a file that we make, and that takes nothing of their room.
create schema privacy;

create table privacy.account_export (
  account_id uuid not null,
  id uuid not null,
  state text not null default 'PENDING',
  requested_at timestamptz(3) not null,
  ready_at timestamptz(3),
  expires_at timestamptz(3) not null,
  bytes integer,
  file_id uuid,
  primary key (account_id, id),
  constraint account_export_account_id_foreign foreign key (account_id) references accounts.account (id)
    on delete cascade,
  constraint account_export_state_check check (state = any (array['PENDING', 'READY', 'FAILED'])),
  constraint account_export_ready_has_file check (state <> 'READY' or (file_id is not null and ready_at is not null)),
  constraint account_export_bytes_positive check (bytes > 0)
);
create index account_export_id_index on privacy.account_export (id);
create index account_export_expires_at_id_index on privacy.account_export (expires_at, id);

alter table files.file add column takes_room boolean not null default true;

create or replace function files.count_storage() returns trigger language plpgsql as $$
declare
  more bigint := 0;
  begun integer := 0;
begin
  if tg_op <> 'INSERT' and old.released_at is null and old.takes_room then
    more := more - old.bytes;
    begun := begun - (old.state <> 'UPLOADED')::int;
  end if;
  if tg_op <> 'DELETE' and new.released_at is null and new.takes_room then
    more := more + new.bytes;
    begun := begun + (new.state <> 'UPLOADED')::int;
  end if;
  if more <> 0 or begun <> 0 then
    if tg_op <> 'DELETE' then
      insert into files.storage (account_id) values (new.account_id) on conflict do nothing;
    end if;
    update files.storage set bytes = bytes + more, uploads = uploads + begun
      where account_id = coalesce(new.account_id, old.account_id);
  end if;
  return null;
end;
$$;
