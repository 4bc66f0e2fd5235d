-- A user asks for one proposal outside of a conversation; a mutation that waits for it is known by its Idempotency-Key.
create table assistant.suggestion (
  account_id uuid not null,
  run_id uuid not null,
  kind text not null,
  subject_id uuid not null,
  session_id uuid not null,
  requests_on_task integer,
  action_id uuid,
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  primary key (account_id, run_id),
  constraint suggestion_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint suggestion_action_foreign foreign key (account_id, action_id)
    references assistant.action (account_id, id) deferrable initially deferred,
  constraint suggestion_kind_check check (kind = any (array['ADD_SUBTASKS', 'CONVERT_NOTE'])),
  constraint suggestion_requests_positive check (requests_on_task > 0),
  constraint suggestion_ended_before_action check (action_id is null or ended_at is not null)
);
create index suggestion_ended_at_index on assistant.suggestion (ended_at);

-- allowed: nothing has been released yet, so the tables of this migration are small.
alter table assistant.action
  alter column message_id drop not null,
  alter column call drop not null,
  alter column target_version type text,
  drop constraint action_kind_check,
  add constraint action_kind_check check (
    kind = any (array['CREATE_TASK', 'UPDATE_TASK', 'COMPLETE_TASK', 'ADD_SUBTASKS', 'CREATE_NOTE', 'CONVERT_NOTE'])
  ),
  add constraint action_called_with_message check ((message_id is null) = (call is null));

-- allowed: as above.
create index action_undoable on assistant.action (decided_at) where undo is not null;
-- allowed: as above.
create index action_without_message on assistant.action (decided_at) where message_id is null;

-- allowed: nobody has a process of before.
alter table assistant.action rename column target_version to target_mark;

-- allowed: as above.
alter table llm.run
  drop constraint run_purpose_check,
  add constraint run_purpose_check check (purpose = any (array['CHAT', 'SUBTASKS', 'NOTE_CONVERSION']));

alter table notes.note add column converted_to_id uuid;

alter table activity.idempotency_key add column begun uuid;
-- allowed: as above.
alter table activity.idempotency_key add constraint idempotency_key_answered_or_begun
  check ((response is null) = (begun is not null));

-- What is taken back has the version that it had, and the next write another than all that somebody may have seen.
alter table tasks.task add column newest_version integer not null default 1;
update tasks.task set newest_version = version where version > 1;
-- allowed: as above.
alter table tasks.task add constraint task_version_at_most_newest check (version <= newest_version);
