-- What happened to accounts, and what can be undone or repeated because of it.
create schema activity;

create table activity.event (
  account_id uuid not null,
  number bigint not null,
  at timestamptz(3) not null,
  type text not null,
  version smallint not null default 1,
  actor_id uuid,
  source text not null,
  entity_type text not null,
  entity_id uuid not null,
  metadata jsonb not null,
  request_id text not null,
  primary key (account_id, number, at),
  constraint event_number_positive check (number > 0),
  constraint event_source_check check (source = any (array['USER', 'AI', 'SYSTEM']))
) partition by range (at);
create table activity.event_default partition of activity.event default;

create function activity.refuse_to_change_event() returns trigger language plpgsql as $$
begin
  raise exception 'What has happened does not change.' using errcode = 'restrict_violation';
end;
$$;
create trigger event_never_changes before update on activity.event
  for each row execute function activity.refuse_to_change_event();

create table activity.tombstone (
  account_id uuid not null,
  id uuid not null,
  slot smallint not null,
  type text not null,
  entity_id uuid not null,
  title text not null,
  content jsonb not null,
  deleted_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint tombstone_account_id_slot_unique unique (account_id, slot),
  constraint tombstone_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint tombstone_slot_range check (slot >= 0 and slot <= 2),
  constraint tombstone_type_check check (type = any (array['TASK', 'NOTE']))
);
create index tombstone_id_index on activity.tombstone (id);

create table activity.idempotency_key (
  user_id uuid not null,
  key text not null,
  request_hash text not null,
  response text,
  expires_at timestamptz(3) not null,
  primary key (user_id, key),
  constraint idempotency_key_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint idempotency_key_length check (char_length(key) >= 1 and char_length(key) <= 255)
);
create index idempotency_key_expires_at_index on activity.idempotency_key (expires_at);
