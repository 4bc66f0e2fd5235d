import { Migration } from '@mikro-orm/migrations';

/** An answer that fails gives its request back to the session that made it; a task is told completed once until that is read. */
export class Migration20261127100720_requests_given_back extends Migration {
  override name = 'Migration20261127100720_requests-given-back';

  override up(): void | Promise<void> {
    this.addSql('set constraints all immediate;');
    this.addSql(
      `create index "notification_unread_about_index" on "notifications"."notification" ("user_id", "entity_id") where read_at is null;`,
    );

    this.addSql(`alter table "assistant"."chat_message" add "session_id" uuid null;`);
    this.addSql(
      `create or replace function "assistant"."chat_message_chat_message_of_own_session_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.session_id is not distinct from old.session_id and new.user_id = old.user_id then return null; end if; if exists (select from auth.session p where p.id = new.session_id and p.user_id <> new.user_id) then raise exception 'assistant.chat_message hangs on another account''s auth.session.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "chat_message_of_own_session" AFTER INSERT OR UPDATE on "assistant"."chat_message" for each ROW execute function "assistant"."chat_message_chat_message_of_own_session_fn"();`,
    );
  }
}
