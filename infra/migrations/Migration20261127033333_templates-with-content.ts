import { Migration } from '@mikro-orm/migrations';

/**
 * Subtasks and relative reminders of a series belong to its template. Until now the next task took them over from the
 * newest one, or, where it could not be made, from what was carried.
 */
export class Migration20261127033333_templates_with_content extends Migration {
  override name = 'Migration20261127033333_templates-with-content';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "tasks"."template_subtask" ("id" uuid not null, "user_id" uuid not null, "template_id" uuid not null, "title" text not null, "estimated_minutes" int null, "position" int not null, "source" text not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "tasks"."template_subtask" add constraint "template_subtask_template_id_position_unique" unique ("template_id", "position") deferrable initially deferred;`,
    );

    this.addSql(
      `create table "tasks"."template_reminder" ("id" uuid not null, "user_id" uuid not null, "template_id" uuid not null, "type" text not null, "offset_minutes" int not null, "method" text not null, primary key ("id"));`,
    );
    this.addSql(`create index "template_reminder_template_id_index" on "tasks"."template_reminder" ("template_id");`);

    this.addSql(`alter table "tasks"."task_template" add "newest_task_id" uuid null;`);

    this.addSql(`alter table "tasks"."subtask" add "template_subtask_id" uuid null;`);

    this.addSql(`alter table "tasks"."reminder" add "template_reminder_id" uuid null;`);

    this.addSql(
      `alter table "tasks"."template_subtask" add constraint "template_subtask_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."template_subtask" add constraint "template_subtask_template_id_foreign" foreign key ("template_id") references "tasks"."task_template" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."template_subtask" add constraint "template_subtask_position_positive" check (position >= 0);`,
    );
    this.addSql(
      `alter table "tasks"."template_subtask" add constraint "template_subtask_estimate_range" check (estimated_minutes >= 1 and estimated_minutes <= 720);`,
    );
    this.addSql(
      `alter table "tasks"."template_subtask" add constraint "template_subtask_title_length" check (char_length(btrim(title)) >= 1 and char_length(title) <= 75);`,
    );
    this.addSql(
      `alter table "tasks"."template_subtask" add constraint "template_subtask_source_check" check ("source" in ('USER', 'AI', 'SYSTEM'));`,
    );
    this.addSql(
      `create or replace function "tasks"."template_subtask_template_subtask_of_own_template_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.template_id is not distinct from old.template_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task_template p where p.id = new.template_id and p.user_id <> new.user_id) then raise exception 'tasks.template_subtask hangs on another account''s tasks.task_template.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "template_subtask_of_own_template" AFTER INSERT OR UPDATE on "tasks"."template_subtask" for each ROW execute function "tasks"."template_subtask_template_subtask_of_own_template_fn"();`,
    );
    this.addSql(
      `create or replace function "tasks"."template_subtask_template_subtask_order_gapless_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.position = old.position then return null; end if; if exists (select from tasks.template_subtask where template_id = coalesce(new.template_id, old.template_id) having count(*) <> coalesce(max(position) + 1, 0)) then raise exception 'The order of a template''s subtasks has a gap.' using errcode = 'check_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create constraint trigger "template_subtask_order_gapless" AFTER INSERT OR UPDATE OR DELETE on "tasks"."template_subtask" deferrable initially deferred for each ROW execute function "tasks"."template_subtask_template_subtask_order_gapless_fn"();`,
    );

    this.addSql(
      `alter table "tasks"."template_reminder" add constraint "template_reminder_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."template_reminder" add constraint "template_reminder_template_id_foreign" foreign key ("template_id") references "tasks"."task_template" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."template_reminder" add constraint "template_reminder_offset_range" check (offset_minutes >= 0 and offset_minutes <= 43200);`,
    );
    this.addSql(
      `alter table "tasks"."template_reminder" add constraint "template_reminder_relative" check (type <> 'ABSOLUTE');`,
    );
    this.addSql(
      `alter table "tasks"."template_reminder" add constraint "template_reminder_type_check" check ("type" in ('BEFORE', 'AFTER', 'ABSOLUTE'));`,
    );
    this.addSql(
      `alter table "tasks"."template_reminder" add constraint "template_reminder_method_check" check ("method" in ('PUSH', 'IN_APP'));`,
    );
    this.addSql(
      `create or replace function "tasks"."template_reminder_template_reminder_of_own_template_fn"() returns trigger as $$ begin if tg_op = 'UPDATE' and new.template_id is not distinct from old.template_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task_template p where p.id = new.template_id and p.user_id <> new.user_id) then raise exception 'tasks.template_reminder hangs on another account''s tasks.task_template.' using errcode = 'foreign_key_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "template_reminder_of_own_template" AFTER INSERT OR UPDATE on "tasks"."template_reminder" for each ROW execute function "tasks"."template_reminder_template_reminder_of_own_template_fn"();`,
    );

    this.addSql(
      `update "tasks"."task_template" t set newest_task_id = (select id from "tasks"."task" where template_id = t.id order by created_at desc, id desc limit 1);`,
    );
    this.addSql(
      `insert into "tasks"."template_subtask" (id, user_id, template_id, title, estimated_minutes, source, position) select gen_random_uuid(), t.user_id, t.id, s.value->>'title', (s.value->>'estimatedMinutes')::int, s.value->>'source', s.place - 1 from "tasks"."task_template" t cross join lateral jsonb_array_elements(t.carried->'subtasks') with ordinality as s (value, place);`,
    );
    this.addSql(
      `insert into "tasks"."template_subtask" (id, user_id, template_id, title, estimated_minutes, source, position) select gen_random_uuid(), t.user_id, t.id, s.title, s.estimated_minutes, s.source, s.position from "tasks"."task_template" t join "tasks"."subtask" s on s.task_id = t.newest_task_id where t.carried is null;`,
    );
    this.addSql(
      `insert into "tasks"."template_reminder" (id, user_id, template_id, type, offset_minutes, method) select gen_random_uuid(), t.user_id, t.id, r.value->>'type', (r.value->>'offsetMinutes')::int, r.value->>'method' from "tasks"."task_template" t cross join lateral jsonb_array_elements(t.carried->'reminders') as r (value);`,
    );
    this.addSql(
      `insert into "tasks"."template_reminder" (id, user_id, template_id, type, offset_minutes, method) select gen_random_uuid(), user_id, template_id, type, offset_minutes, method from (select r.user_id, t.id as template_id, r.type, r.offset_minutes, r.method, row_number() over (partition by r.task_id order by r.created_at desc, r.id desc) as age from "tasks"."task_template" t join "tasks"."reminder" r on r.task_id = t.newest_task_id where t.carried is null and r.type <> 'ABSOLUTE') as newest where age <= 5;`,
    );
    this.addSql(
      `update "tasks"."subtask" s set template_subtask_id = ts.id from "tasks"."task_template" t join "tasks"."template_subtask" ts on ts.template_id = t.id where s.task_id = t.newest_task_id and ts.position = s.position and ts.title = s.title;`,
    );
    this.addSql(
      `update "tasks"."reminder" r set template_reminder_id = tr.id from "tasks"."task_template" t join "tasks"."template_reminder" tr on tr.template_id = t.id where r.task_id = t.newest_task_id and tr.type = r.type and tr.offset_minutes = r.offset_minutes and tr.method = r.method;`,
    );
    // A later migration may change these tables in the same transaction.
    this.addSql(`set constraints all immediate;`);
    this.addSql(`alter table "tasks"."task_template" drop column "carried";`);
  }
}
