import { type Context, runStatement } from '../kernel/context.js';

/** Open tasks that are described: half of them those due first, half the newest. */
const maxTasks = 40;

/**
 * An account's open tasks in words, a line each with its id, for whoever plans with them: the most urgent and the newest,
 * by the date at which they are due. Empty when there are none.
 */
export async function describeOpenTasks(ctx: Context, accountId: string): Promise<string> {
  const rows = await runStatement<{ line: string }>(
    ctx,
    `with open as (
       select id, title, priority, due_date, created_at from tasks.task
       where account_id = $1 and not completed and not hidden and not archived
     ), chosen as (
       (select * from open order by due_date nulls last, created_at desc limit $2)
       union
       (select * from open order by created_at desc limit $2)
     )
     select format('- [ ] %s (priority %s%s, id %s)', title, lower(priority), ', due ' || to_char(due_date, 'YYYY-MM-DD'), id) as line
     from chosen order by due_date nulls last, created_at desc`,
    [accountId, maxTasks / 2],
  );
  return rows.map(({ line }) => line).join('\n');
}

/** One task in words: title, id, description, and its subtasks, a line each. Null when it is gone. */
export async function describeTask(ctx: Context, accountId: string, taskId: string): Promise<string | null> {
  const [task] = await runStatement<{ title: string; description: string; steps: string[] }>(
    ctx,
    `select title, description, array(
       select format('- [%s] %s', case when completed then 'x' else ' ' end, title)
       from tasks.subtask where account_id = $2 and task_id = task.id order by position) as steps
     from tasks.task where account_id = $2 and id = $1`,
    [taskId, accountId],
  );
  return task ? `${task.title} (id ${taskId})\n${task.description}\nIts subtasks:\n${task.steps.join('\n')}` : null;
}
