import { Migration } from '@mikro-orm/migrations';

/** What a next instance takes over, while it could not be made. */
export class Migration20261121145827_carried extends Migration {
  override name = 'Migration20261121145827_carried';

  override up(): void | Promise<void> {
    this.addSql(`alter table "tasks"."task_template" add "carried" jsonb null;`);
  }
}
