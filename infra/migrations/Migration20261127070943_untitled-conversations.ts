import { Migration } from '@mikro-orm/migrations';

/** A conversation that was begun without a title is named after its first question, also one that waits for it already. */
export class Migration20261127070943_untitled_conversations extends Migration {
  override name = 'Migration20261127070943_untitled-conversations';

  override up(): void | Promise<void> {
    this.addSql('set constraints all immediate;');
    this.addSql(`alter table "assistant"."conversation" add "untitled" boolean not null default false;`);
    this.addSql(
      `update assistant.conversation c set untitled = true where title = 'New conversation' and not exists (select from assistant.chat_message where conversation_id = c.id);`,
    );
  }
}
