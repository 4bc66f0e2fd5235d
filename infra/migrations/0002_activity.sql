create schema activity;

create table activity.clock_shift (
  id smallint not null,
  ahead_ms bigint not null,
  primary key (id),
  constraint clock_shift_forwards check (ahead_ms >= 0),
  constraint clock_shift_one_row check (id = 1)
);

create table activity.event (
  user_id uuid not null,
  number bigint not null,
  at timestamptz(3) not null,
  type text not null,
  source text not null,
  entity_type text not null,
  entity_id uuid not null,
  metadata jsonb not null,
  request_id text not null,
  primary key (user_id, number, at),
  constraint event_number_positive check (number > 0),
  constraint event_source_check check (source = any (array['USER', 'AI', 'SYSTEM']))
) partition by range (at);
create table activity.event_default partition of activity.event default;

create function activity.event_event_never_changes_fn() returns trigger language plpgsql as $$
begin raise exception 'What has happened does not change.' using errcode = 'restrict_violation'; end;
$$;
CREATE TRIGGER event_never_changes BEFORE UPDATE ON activity.event FOR EACH ROW EXECUTE FUNCTION activity.event_event_never_changes_fn();

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

create table activity.stream (
  user_id uuid not null,
  head bigint not null default '0',
  primary key (user_id),
  constraint stream_user_id_foreign foreign key (user_id) references auth."user" (id) ON UPDATE CASCADE on delete cascade,
  constraint stream_head_positive check (head >= 0)
);

create table activity.tombstone (
  id uuid not null,
  user_id uuid not null,
  slot smallint not null,
  type text not null,
  entity_id uuid not null,
  title text not null,
  content jsonb not null,
  deleted_at timestamptz(3) not null,
  primary key (id),
  constraint tombstone_user_id_slot_unique unique (user_id, slot),
  constraint tombstone_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint tombstone_slot_range check (slot >= 0 and slot <= 2),
  constraint tombstone_type_check check (type = any (array['TASK', 'NOTE']))
);
