-- Talk with the assistant.
create schema assistant;

create table assistant.conversation (
  account_id uuid not null,
  id uuid not null,
  title text not null,
  untitled boolean not null default false,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint conversation_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint conversation_title_length check (char_length(title) >= 1 and char_length(title) <= 200)
);
create index conversation_account_id_updated_at_id_index on assistant.conversation (account_id, updated_at, id);
create index conversation_id_index on assistant.conversation (id);

create table assistant.chat_message (
  account_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  author_id uuid,
  position integer not null,
  role text not null,
  content text not null,
  state text not null,
  task_id uuid,
  session_id uuid,
  error text,
  hold_id uuid,
  lease_owner uuid,
  lease_until timestamptz(3),
  created_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint chat_message_account_id_conversation_id_position_unique unique (account_id, conversation_id, position),
  constraint chat_message_author_id_foreign foreign key (author_id) references auth."user" (id) on delete set null,
  constraint chat_message_position_positive check (position >= 0),
  constraint chat_message_role_check check (role = any (array['USER', 'ASSISTANT'])),
  constraint chat_message_state_check check (state = any (array['STREAMING', 'COMPLETE', 'STOPPED', 'FAILED'])),
  constraint chat_message_streaming_is_leased check (state <> 'STREAMING' or lease_until is not null),
  constraint chat_message_conversation_id_foreign foreign key (account_id, conversation_id) references assistant.conversation (account_id, id)
    on delete cascade deferrable initially deferred,
  constraint chat_message_hold_id_foreign foreign key (account_id, hold_id) references billing.credit_hold (account_id, id)
    on delete set null (hold_id) deferrable initially deferred
);
create index chat_message_id_index on assistant.chat_message (id);
create index chat_message_leased on assistant.chat_message (lease_until) where lease_until is not null;

create table assistant.task_request_count (
  session_id uuid not null,
  task_id uuid not null,
  count integer not null,
  primary key (session_id, task_id),
  constraint task_request_count_session_id_foreign foreign key (session_id) references auth.session (id) on delete cascade,
  constraint task_request_count_positive check (count > 0)
);
