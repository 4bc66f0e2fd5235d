import { Migration } from '@mikro-orm/migrations';

/** No row hangs on another account's: the database refuses it. */
export class Migration20261121143435_of_own extends Migration {
  override name = 'Migration20261121143435_of-own';

  override up(): void | Promise<void> {
    this.addSql(
      `create or replace function "tasks"."task_task_of_own_template_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.template_id is not distinct from old.template_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task_template p where p.id = new.template_id and p.user_id <> new.user_id) then raise exception 'tasks.task hangs on another account''s tasks.task_template.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "task_of_own_template" AFTER INSERT OR UPDATE on "tasks"."task" for each ROW execute function "tasks"."task_task_of_own_template_fn"();`,
    );

    this.addSql(
      `create or replace function "tasks"."subtask_subtask_of_own_task_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.task_id is not distinct from old.task_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task p where p.id = new.task_id and p.user_id <> new.user_id) then raise exception 'tasks.subtask hangs on another account''s tasks.task.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "subtask_of_own_task" AFTER INSERT OR UPDATE on "tasks"."subtask" for each ROW execute function "tasks"."subtask_subtask_of_own_task_fn"();`,
    );

    this.addSql(
      `create or replace function "tasks"."reminder_reminder_of_own_task_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.task_id is not distinct from old.task_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task p where p.id = new.task_id and p.user_id <> new.user_id) then raise exception 'tasks.reminder hangs on another account''s tasks.task.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "reminder_of_own_task" AFTER INSERT OR UPDATE on "tasks"."reminder" for each ROW execute function "tasks"."reminder_reminder_of_own_task_fn"();`,
    );

    this.addSql(
      `create or replace function "tasks"."focus_session_focus_session_of_own_task_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.task_id is not distinct from old.task_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task p where p.id = new.task_id and p.user_id <> new.user_id) then raise exception 'tasks.focus_session hangs on another account''s tasks.task.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "focus_session_of_own_task" AFTER INSERT OR UPDATE on "tasks"."focus_session" for each ROW execute function "tasks"."focus_session_focus_session_of_own_task_fn"();`,
    );

    this.addSql(
      `create or replace function "billing"."credit_entry_credit_entry_of_own_hold_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.hold_id is not distinct from old.hold_id and new.user_id = old.user_id then return null; end if; if exists (select from billing.credit_hold p where p.id = new.hold_id and p.user_id <> new.user_id) then raise exception 'billing.credit_entry hangs on another account''s billing.credit_hold.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "credit_entry_of_own_hold" AFTER INSERT OR UPDATE on "billing"."credit_entry" for each ROW execute function "billing"."credit_entry_credit_entry_of_own_hold_fn"();`,
    );

    this.addSql(
      `create or replace function "assistant"."chat_message_chat_message_of_own_hold_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.hold_id is not distinct from old.hold_id and new.user_id = old.user_id then return null; end if; if exists (select from billing.credit_hold p where p.id = new.hold_id and p.user_id <> new.user_id) then raise exception 'assistant.chat_message hangs on another account''s billing.credit_hold.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "chat_message_of_own_hold" AFTER INSERT OR UPDATE on "assistant"."chat_message" for each ROW execute function "assistant"."chat_message_chat_message_of_own_hold_fn"();`,
    );
    this.addSql(
      `create or replace function "assistant"."chat_message_chat_message_of_own_task_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.task_id is not distinct from old.task_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task p where p.id = new.task_id and p.user_id <> new.user_id) then raise exception 'assistant.chat_message hangs on another account''s tasks.task.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "chat_message_of_own_task" AFTER INSERT OR UPDATE on "assistant"."chat_message" for each ROW execute function "assistant"."chat_message_chat_message_of_own_task_fn"();`,
    );
    this.addSql(
      `create or replace function "assistant"."chat_message_chat_message_of_own_conversation_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.conversation_id is not distinct from old.conversation_id and new.user_id = old.user_id then return null; end if; if exists (select from assistant.conversation p where p.id = new.conversation_id and p.user_id <> new.user_id) then raise exception 'assistant.chat_message hangs on another account''s assistant.conversation.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "chat_message_of_own_conversation" AFTER INSERT OR UPDATE on "assistant"."chat_message" for each ROW execute function "assistant"."chat_message_chat_message_of_own_conversation_fn"();`,
    );
  }
}
