create schema assistant;

create table assistant.conversation (
  id uuid not null,
  user_id uuid not null,
  title text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  untitled boolean not null default false,
  primary key (id),
  constraint conversation_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint conversation_title_length check (char_length(title) >= 1 and char_length(title) <= 200)
);
create index conversation_user_id_updated_at_id_index on assistant.conversation (user_id, updated_at, id);

create table assistant.chat_message (
  id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  position integer not null,
  role text not null,
  content text not null,
  state text not null,
  task_id uuid,
  error text,
  hold_id uuid,
  lease_owner uuid,
  lease_until timestamptz(3),
  created_at timestamptz(3) not null,
  session_id uuid,
  primary key (id),
  constraint chat_message_conversation_id_position_unique unique (conversation_id, "position"),
  constraint chat_message_conversation_id_foreign foreign key (conversation_id) references assistant.conversation (id) on delete cascade,
  constraint chat_message_hold_id_foreign foreign key (hold_id) references billing.credit_hold (id) on delete set null,
  constraint chat_message_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint chat_message_position_positive check ("position" >= 0),
  constraint chat_message_role_check check (role = any (array['USER', 'ASSISTANT'])),
  constraint chat_message_state_check check (state = any (array['STREAMING', 'COMPLETE', 'STOPPED', 'FAILED'])),
  constraint chat_message_streaming_is_leased check (state <> 'STREAMING' or lease_until is not null)
);
create index chat_message_leased on assistant.chat_message (lease_until) where lease_until is not null;

create function assistant.chat_message_chat_message_of_own_conversation_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.conversation_id is not distinct from old.conversation_id and new.user_id = old.user_id then return null; end if; if exists (select from assistant.conversation p where p.id = new.conversation_id and p.user_id <> new.user_id) then raise exception 'assistant.chat_message hangs on another account''s assistant.conversation.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER chat_message_of_own_conversation AFTER INSERT OR UPDATE ON assistant.chat_message FOR EACH ROW EXECUTE FUNCTION assistant.chat_message_chat_message_of_own_conversation_fn();

create function assistant.chat_message_chat_message_of_own_hold_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.hold_id is not distinct from old.hold_id and new.user_id = old.user_id then return null; end if; if exists (select from billing.credit_hold p where p.id = new.hold_id and p.user_id <> new.user_id) then raise exception 'assistant.chat_message hangs on another account''s billing.credit_hold.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER chat_message_of_own_hold AFTER INSERT OR UPDATE ON assistant.chat_message FOR EACH ROW EXECUTE FUNCTION assistant.chat_message_chat_message_of_own_hold_fn();

create function assistant.chat_message_chat_message_of_own_session_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.session_id is not distinct from old.session_id and new.user_id = old.user_id then return null; end if; if exists (select from auth.session p where p.id = new.session_id and p.user_id <> new.user_id) then raise exception 'assistant.chat_message hangs on another account''s auth.session.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER chat_message_of_own_session AFTER INSERT OR UPDATE ON assistant.chat_message FOR EACH ROW EXECUTE FUNCTION assistant.chat_message_chat_message_of_own_session_fn();

create function assistant.chat_message_chat_message_of_own_task_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.task_id is not distinct from old.task_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task p where p.id = new.task_id and p.user_id <> new.user_id) then raise exception 'assistant.chat_message hangs on another account''s tasks.task.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER chat_message_of_own_task AFTER INSERT OR UPDATE ON assistant.chat_message FOR EACH ROW EXECUTE FUNCTION assistant.chat_message_chat_message_of_own_task_fn();

create table assistant.task_request_count (
  session_id uuid not null,
  task_id uuid not null,
  count integer not null,
  primary key (session_id, task_id),
  constraint task_request_count_session_id_foreign foreign key (session_id) references auth.session (id) on delete cascade,
  constraint task_request_count_positive check (count > 0)
);
