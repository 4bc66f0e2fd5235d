import { Migration } from '@mikro-orm/migrations';

/** Days that count towards a streak; those on which a task was completed for the first time do without. */
export class Migration20261127032000_active_days extends Migration {
  override name = 'Migration20261127032000_active-days';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "achievements"."active_day" ("user_id" uuid not null, "day" date not null, "at" timestamptz(3) not null, primary key ("user_id", "day"));`,
    );
    this.addSql(
      `alter table "achievements"."active_day" add constraint "active_day_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(`alter table "achievements"."progress" drop constraint "progress_streak_needs_tasks";`);
    this.addSql(
      `alter table "achievements"."progress" add constraint "progress_streak_needs_days" check ((longest_streak = 0) = (last_day is null));`,
    );
  }
}
