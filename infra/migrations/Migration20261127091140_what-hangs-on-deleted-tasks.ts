import { Migration } from '@mikro-orm/migrations';

/**
 * What was asked about a task outlives it, since a deleted task may be restored; counts of requests go with the session.
 */
export class Migration20261127091140_what_hangs_on_deleted_tasks extends Migration {
  override name = 'Migration20261127091140_what-hangs-on-deleted-tasks';

  override up(): void | Promise<void> {
    this.addSql('set constraints all immediate;');
    this.addSql(`alter table "assistant"."task_request_count" drop constraint "task_request_count_task_id_foreign";`);

    this.addSql(`alter table "assistant"."chat_message" drop constraint "chat_message_task_id_foreign";`);

    this.addSql(`drop index "assistant"."task_request_count_task_id_index";`);
    this.addSql(
      `delete from assistant.task_request_count c where not exists (select from auth.session where id = c.session_id);`,
    );
    this.addSql(
      `alter table "assistant"."task_request_count" add constraint "task_request_count_session_id_foreign" foreign key ("session_id") references "auth"."session" ("id") on delete cascade;`,
    );

    this.addSql(`drop index "assistant"."chat_message_task_id_index";`);
  }
}
