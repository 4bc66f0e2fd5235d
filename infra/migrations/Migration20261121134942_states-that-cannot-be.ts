import { Migration } from '@mikro-orm/migrations';

/** What no task, subtask, reminder or event may come to, whatever the code does. */
export class Migration20261121134942_states_that_cannot_be extends Migration {
  override name = 'Migration20261121134942_states-that-cannot-be';

  override up(): void | Promise<void> {
    this.addSql(
      `create or replace function "activity"."event_event_never_changes_fn"() returns trigger as $$ begin raise exception 'What has happened does not change.' using errcode = 'restrict_violation'; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "event_never_changes" BEFORE UPDATE on "activity"."event" for each ROW execute function "activity"."event_event_never_changes_fn"();`,
    );

    this.addSql(`alter table "tasks"."task_template" drop constraint "task_template_title_length";`);
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_tags_length" check (array_position(tags, '') is null and array_to_string(tags, chr(10)) !~ '[^\\n]{31}');`,
    );
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_title_length" check (char_length(btrim(title)) >= 1 and char_length(title) <= 200);`,
    );

    this.addSql(`alter table "tasks"."task" drop constraint "task_title_length";`);
    this.addSql(
      `alter table "tasks"."task" add constraint "task_tags_length" check (array_position(tags, '') is null and array_to_string(tags, chr(10)) !~ '[^\\n]{31}');`,
    );
    this.addSql(
      `alter table "tasks"."task" add constraint "task_title_length" check (char_length(btrim(title)) >= 1 and char_length(title) <= 200);`,
    );
    this.addSql(
      `create or replace function "tasks"."task_task_completed_wholly_fn"() returns trigger as $$ begin if new.completed and exists (select from tasks.task t where t.id = new.id and t.completed and (exists (select from tasks.subtask where task_id = t.id and not completed) or exists (select from tasks.reminder where task_id = t.id and state = 'SCHEDULED'))) then raise exception 'A completed task has an open subtask or a reminder to come.' using errcode = 'check_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create constraint trigger "task_completed_wholly" AFTER INSERT OR UPDATE on "tasks"."task" deferrable initially deferred for each ROW execute function "tasks"."task_task_completed_wholly_fn"();`,
    );

    this.addSql(`alter table "tasks"."subtask" drop constraint "subtask_title_length";`);
    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_title_length" check (char_length(btrim(title)) >= 1 and char_length(title) <= 75);`,
    );
    this.addSql(
      `create or replace function "tasks"."subtask_subtask_of_open_task_fn"() returns trigger as $$ begin if not new.completed and exists (select from tasks.subtask s join tasks.task t on t.id = s.task_id where s.id = new.id and not s.completed and t.completed) then raise exception 'A completed task has an open subtask.' using errcode = 'check_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create constraint trigger "subtask_of_open_task" AFTER INSERT OR UPDATE on "tasks"."subtask" deferrable initially deferred for each ROW execute function "tasks"."subtask_subtask_of_open_task_fn"();`,
    );

    this.addSql(
      `create or replace function "tasks"."reminder_reminder_of_open_task_fn"() returns trigger as $$ begin if new.state = 'SCHEDULED' and exists (select from tasks.reminder r join tasks.task t on t.id = r.task_id where r.id = new.id and r.state = 'SCHEDULED' and t.completed) then raise exception 'A completed task has a reminder to come.' using errcode = 'check_violation'; end if; return null; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create constraint trigger "reminder_of_open_task" AFTER INSERT OR UPDATE on "tasks"."reminder" deferrable initially deferred for each ROW execute function "tasks"."reminder_reminder_of_open_task_fn"();`,
    );
  }
}
