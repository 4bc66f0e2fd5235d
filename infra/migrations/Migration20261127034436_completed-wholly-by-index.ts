import { Migration } from '@mikro-orm/migrations';

/** The subtasks of a task are found by its id: asked through the task's row they could be read all, and hashed. */
export class Migration20261127034436_completed_wholly_by_index extends Migration {
  override name = 'Migration20261127034436_completed-wholly-by-index';

  override up(): void | Promise<void> {
    this.addSql(
      `create or replace function "tasks"."task_task_completed_wholly_fn"() returns trigger as $$ begin if new.completed and exists (select from tasks.task where id = new.id and completed) and (exists (select from tasks.subtask where task_id = new.id and not completed) or exists (select from tasks.reminder where task_id = new.id and state = 'SCHEDULED')) then raise exception 'A completed task has an open subtask or a reminder to come.' using errcode = 'check_violation'; end if; return null; end; $$ language plpgsql;`,
    );
  }
}
