-- Operators act by name and with a reason, of which a record is kept for a year apart from what the account's users see.
create table activity.operator_action (
  id uuid not null,
  at timestamptz(3) not null,
  operator text not null,
  action text not null,
  account_id uuid,
  reason text not null,
  details jsonb not null,
  request_id text not null,
  primary key (id),
  constraint operator_action_operator_length check (char_length(operator) >= 1 and char_length(operator) <= 100),
  constraint operator_action_action_length check (char_length(action) >= 1 and char_length(action) <= 64),
  constraint operator_action_reason_length check (char_length(reason) >= 1 and char_length(reason) <= 200)
);
create index operator_action_at_index on activity.operator_action (at);

create function activity.refuse_to_change_operator_action() returns trigger language plpgsql as $$
begin
  raise exception 'What an operator has done does not change.' using errcode = 'restrict_violation';
end;
$$;
create trigger operator_action_never_changes before update on activity.operator_action
  for each row execute function activity.refuse_to_change_operator_action();

-- The processes may add to the record, and neither change it nor remove anything that is to be kept.
create function upkeep.forget_operator_actions() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from activity.operator_action where at < now()
    + coalesce((select ahead_ms from platform.clock_shift), 0) * interval '1 millisecond' - interval '365 days'
$$;
revoke all on function upkeep.forget_operator_actions() from public;

alter table auth."user" add column role text not null default 'USER';
alter table auth."user" add constraint user_role_check check (role = any (array['USER', 'OPERATOR'])) not valid;

-- allowed: nothing has been released yet, so the table is small.
create index user_email on auth."user" (lower(email));
