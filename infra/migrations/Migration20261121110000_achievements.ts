import { Migration } from '@mikro-orm/migrations';

/** What counts towards achievements, how far each account has come, and what it has earned. */
export class Migration20261121110000_achievements extends Migration {
  override name = 'Migration20261121110000_achievements';

  override up(): void | Promise<void> {
    this.addSql(`create schema if not exists "achievements";`);
    this.addSql(
      `create table "achievements"."unlocked" ("user_id" uuid not null, "achievement" text not null, "unlocked_at" timestamptz(3) not null, primary key ("user_id", "achievement"));`,
    );

    this.addSql(
      `create table "achievements"."progress" ("user_id" uuid not null, "current_streak" int not null default 0, "longest_streak" int not null default 0, "last_day" date null, "tasks_completed" int not null default 0, "focus_completions" int not null default 0, "notes_converted" int not null default 0, "voice_seconds" int not null default 0, "last_at" timestamptz(3) null, primary key ("user_id"));`,
    );
    this.addSql(
      `create index "progress_running_streaks" on "achievements"."progress" ("last_day", "user_id") where current_streak > 0;`,
    );

    this.addSql(
      `create table "achievements"."contribution" ("user_id" uuid not null, "kind" text not null, "entity_id" uuid not null, "amount" int not null, "at" timestamptz(3) not null, primary key ("user_id", "kind", "entity_id"));`,
    );

    this.addSql(
      `alter table "achievements"."unlocked" add constraint "unlocked_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "achievements"."unlocked" add constraint "unlocked_achievement_known" check (achievement in ('streak_3', 'streak_7', 'streak_15', 'streak_30', 'tasks_5', 'tasks_10', 'tasks_25', 'tasks_50', 'focus_3', 'focus_10', 'notes_convert_5', 'notes_convert_10', 'notes_convert_15', 'voice_5min', 'voice_15min', 'voice_25min'));`,
    );

    this.addSql(
      `alter table "achievements"."progress" add constraint "progress_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "achievements"."progress" add constraint "progress_never_negative" check (notes_converted >= 0 and voice_seconds >= 0);`,
    );
    this.addSql(
      `alter table "achievements"."progress" add constraint "progress_focus_needs_tasks" check (focus_completions >= 0 and focus_completions <= tasks_completed);`,
    );
    this.addSql(
      `alter table "achievements"."progress" add constraint "progress_day_of_tasks" check ((last_day is null) = (tasks_completed = 0));`,
    );
    this.addSql(
      `alter table "achievements"."progress" add constraint "progress_streak_needs_tasks" check (longest_streak <= tasks_completed);`,
    );
    this.addSql(
      `alter table "achievements"."progress" add constraint "progress_streak" check (current_streak >= 0 and current_streak <= longest_streak);`,
    );

    this.addSql(
      `alter table "achievements"."contribution" add constraint "contribution_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "achievements"."contribution" add constraint "contribution_amount_of_kind" check (amount = 1 or kind = 'VOICE');`,
    );
    this.addSql(
      `alter table "achievements"."contribution" add constraint "contribution_amount_positive" check (amount > 0);`,
    );
    this.addSql(
      `alter table "achievements"."contribution" add constraint "contribution_kind_known" check (kind in ('TASK', 'FOCUS', 'NOTE', 'VOICE'));`,
    );
  }
}
