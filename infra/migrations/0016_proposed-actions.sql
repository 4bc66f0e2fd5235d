-- What the assistant proposes waits for its user; an answer says whether it was cut off.
create table assistant.action (
  account_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  kind text not null,
  state text not null default 'PENDING',
  summary text not null,
  proposal jsonb not null,
  target_id uuid,
  target_version integer,
  call jsonb not null,
  result_type text,
  result_id uuid,
  undo jsonb,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  decided_at timestamptz(3),
  primary key (account_id, id),
  constraint action_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint action_message_foreign foreign key (account_id, message_id)
    references assistant.chat_message (account_id, id) on delete cascade deferrable initially deferred,
  constraint action_kind_check check (
    kind = any (array['CREATE_TASK', 'UPDATE_TASK', 'COMPLETE_TASK', 'ADD_SUBTASKS', 'CREATE_NOTE'])
  ),
  constraint action_state_check check (
    state = any (array['PENDING', 'CONFIRMED', 'REJECTED', 'EXPIRED', 'UNDONE'])
  ),
  constraint action_summary_length check (char_length(summary) >= 1 and char_length(summary) <= 300),
  constraint action_decided_once check ((state = 'PENDING') = (decided_at is null)),
  constraint action_done_has_result check (
    result_id is not null or state = any (array['PENDING', 'REJECTED', 'EXPIRED'])
  )
);
create index action_id_index on assistant.action (id);
create index action_account_id_message_id_index on assistant.action (account_id, message_id);
create index action_account_id_target_id_id_index on assistant.action (account_id, target_id, id);
create index action_pending on assistant.action (expires_at, id) where state = 'PENDING';

alter table assistant.chat_message add column truncated boolean not null default false;
