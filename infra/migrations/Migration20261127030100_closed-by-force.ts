import { Migration } from '@mikro-orm/migrations';

/** Which subtasks the forced completion of their task has closed: so far those closed at the very moment of it. */
export class Migration20261127030100_closed_by_force extends Migration {
  override name = 'Migration20261127030100_closed-by-force';

  override up(): void | Promise<void> {
    this.addSql(`alter table "tasks"."subtask" add "closed_by_force" boolean not null default false;`);
    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_closed_by_force_whole" check (completed or not closed_by_force);`,
    );
    // Triggers that wait for the commit would keep the table from being altered, by the migrations that follow too.
    this.addSql('set constraints all immediate;');
    this.addSql(
      `update tasks.subtask set closed_by_force = true from tasks.task
       where task.id = subtask.task_id and task.completed_by = 'FORCE' and subtask.completed_at = task.completed_at;`,
    );
  }
}
