import { Migration } from '@mikro-orm/migrations';

/** Templates, reminders, focus, tombstones; subtasks in gapless order by a constraint. */
export class Migration20261121090000_tasks_in_full extends Migration {
  override name = 'Migration20261121090000_tasks-in-full';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "activity"."clock_shift" ("id" smallint not null, "ahead_ms" bigint not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "activity"."tombstone" ("id" uuid not null, "user_id" uuid not null, "slot" smallint not null, "type" text not null, "entity_id" uuid not null, "title" text not null, "content" jsonb not null, "deleted_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "activity"."tombstone" add constraint "tombstone_user_id_slot_unique" unique ("user_id", "slot");`,
    );

    this.addSql(
      `create table "tasks"."task_template" ("id" uuid not null, "user_id" uuid not null, "title" text not null, "description" text not null, "priority" text not null, "estimated_minutes" int null, "tags" text[] not null, "rule" text not null, "time_zone" text not null, "starts_at" text not null, "active" boolean not null default true, "retry_at" timestamptz(3) null, "failures" int not null default 0, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "task_template_to_retry" on "tasks"."task_template" ("retry_at") where retry_at is not null;`,
    );
    this.addSql(
      `create index "task_template_user_id_created_at_id_index" on "tasks"."task_template" ("user_id", "created_at", "id");`,
    );

    this.addSql(
      `create table "tasks"."occurrence" ("template_id" uuid not null, "local_time" text not null, "task_id" uuid not null, primary key ("template_id", "local_time"));`,
    );
    this.addSql(`create index "occurrence_task_id_index" on "tasks"."occurrence" ("task_id");`);

    this.addSql(
      `create table "tasks"."reminder" ("id" uuid not null, "user_id" uuid not null, "task_id" uuid not null, "type" text not null, "offset_minutes" int null, "method" text not null, "scheduled_for" timestamptz(3) null, "state" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "reminder_task_id_index" on "tasks"."reminder" ("task_id");`);
    this.addSql(
      `create index "reminder_due_of_user" on "tasks"."reminder" ("user_id", "scheduled_for") where state = 'SCHEDULED';`,
    );
    this.addSql(
      `create index "reminder_due" on "tasks"."reminder" ("scheduled_for", "user_id") where state = 'SCHEDULED';`,
    );

    this.addSql(
      `create table "tasks"."focus_session" ("id" uuid not null, "user_id" uuid not null, "task_id" uuid not null, "started_at" timestamptz(3) not null, "ended_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "focus_session_user_id_index" on "tasks"."focus_session" ("user_id");`);
    this.addSql(`create index "focus_session_task_id_index" on "tasks"."focus_session" ("task_id");`);
    this.addSql(
      `create index "focus_session_running_since" on "tasks"."focus_session" ("started_at") where ended_at is null;`,
    );
    this.addSql(
      `create unique index "focus_session_running_unique" on "tasks"."focus_session" ("user_id") where ended_at is null;`,
    );

    this.addSql(`alter table "tasks"."task" add "template_id" uuid null;`);
    this.addSql(
      `alter table "tasks"."task" add constraint "task_template_id_foreign" foreign key ("template_id") references "tasks"."task_template" ("id") on delete set null;`,
    );
    this.addSql(`create index "task_template_id_index" on "tasks"."task" ("template_id");`);

    this.addSql(
      `create or replace function "tasks"."subtask_subtask_order_gapless_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.position = old.position then return null; end if; if exists (select from tasks.subtask where task_id = coalesce(new.task_id, old.task_id) having count(*) <> coalesce(max(position) + 1, 0)) then raise exception 'The order of subtasks has a gap.' using errcode = 'check_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create constraint trigger "subtask_order_gapless" AFTER INSERT OR UPDATE OR DELETE on "tasks"."subtask" deferrable initially deferred for each ROW execute function "tasks"."subtask_subtask_order_gapless_fn"();`,
    );

    this.addSql(`alter table "activity"."clock_shift" add constraint "clock_shift_forwards" check (ahead_ms >= 0);`);
    this.addSql(`alter table "activity"."clock_shift" add constraint "clock_shift_one_row" check (id = 1);`);

    this.addSql(
      `alter table "activity"."tombstone" add constraint "tombstone_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "activity"."tombstone" add constraint "tombstone_slot_range" check (slot >= 0 and slot <= 2);`,
    );
    this.addSql(
      `alter table "activity"."tombstone" add constraint "tombstone_type_check" check ("type" in ('TASK', 'NOTE'));`,
    );

    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_failures_positive" check (failures >= 0);`,
    );
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_rule_length" check (char_length(rule) >= 1 and char_length(rule) <= 1000);`,
    );
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_tags_count" check (cardinality(tags) <= 20);`,
    );
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_estimate_range" check (estimated_minutes >= 1 and estimated_minutes <= 720);`,
    );
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_description_length" check (char_length(description) <= 2000);`,
    );
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_title_length" check (char_length(title) >= 1 and char_length(title) <= 200);`,
    );
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_priority_check" check ("priority" in ('LOW', 'MEDIUM', 'HIGH'));`,
    );

    this.addSql(
      `alter table "tasks"."occurrence" add constraint "occurrence_template_id_foreign" foreign key ("template_id") references "tasks"."task_template" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."occurrence" add constraint "occurrence_local_time_form" check (local_time ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$');`,
    );

    this.addSql(
      `alter table "tasks"."reminder" add constraint "reminder_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."reminder" add constraint "reminder_task_id_foreign" foreign key ("task_id") references "tasks"."task" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."reminder" add constraint "reminder_scheduled_has_time" check (state <> 'SCHEDULED' or scheduled_for is not null);`,
    );
    this.addSql(
      `alter table "tasks"."reminder" add constraint "reminder_offset_range" check (offset_minutes >= 0 and offset_minutes <= 43200);`,
    );
    this.addSql(
      `alter table "tasks"."reminder" add constraint "reminder_offset_of_relative" check ((type = 'ABSOLUTE') = (offset_minutes is null));`,
    );
    this.addSql(
      `alter table "tasks"."reminder" add constraint "reminder_type_check" check ("type" in ('BEFORE', 'AFTER', 'ABSOLUTE'));`,
    );
    this.addSql(
      `alter table "tasks"."reminder" add constraint "reminder_method_check" check ("method" in ('PUSH', 'IN_APP'));`,
    );
    this.addSql(
      `alter table "tasks"."reminder" add constraint "reminder_state_check" check ("state" in ('SCHEDULED', 'SENT', 'FAILED', 'CANCELLED'));`,
    );

    this.addSql(
      `alter table "tasks"."focus_session" add constraint "focus_session_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."focus_session" add constraint "focus_session_task_id_foreign" foreign key ("task_id") references "tasks"."task" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."focus_session" add constraint "focus_session_at_most_12_hours" check (ended_at <= (started_at + '12:00:00'::interval));`,
    );
    this.addSql(
      `alter table "tasks"."focus_session" add constraint "focus_session_forwards" check (ended_at >= started_at);`,
    );
  }
}
