import { Migration } from '@mikro-orm/migrations';

/** A template remembers the days that tasks of its earlier rules have taken. */
export class Migration20261127121900_days_taken_by_earlier_rules extends Migration {
  override name = 'Migration20261127121900_days-taken-by-earlier-rules';

  override up(): void | Promise<void> {
    this.addSql(`alter table "tasks"."task_template" add "taken_days" text[] not null default '{}';`);
  }
}
