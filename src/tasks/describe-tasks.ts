import { type Context, runStatement } from '../kernel/context.js';

/** Open tasks that are described, those due first. */
const maxTasks = 40;

/** An account's open tasks in words, a line each, for whoever plans with them; empty when there are none. */
export async function describeOpenTasks(ctx: Context, accountId: string): Promise<string> {
  const rows = await runStatement<{ line: string }>(
    ctx,
    `select format('- [ ] %s (priority %s%s)', title, lower(priority), ', due ' || to_char(due_date, 'YYYY-MM-DD')) as line
     from tasks.task where account_id = $1 and not completed and not hidden and not archived
     order by due_date nulls last, created_at desc limit $2`,
    [accountId, maxTasks],
  );
  return rows.map(({ line }) => line).join('\n');
}

/** One task in words: title, description, and its subtasks, a line each. Null when it is gone. */
export async function describeTask(ctx: Context, accountId: string, taskId: string): Promise<string | null> {
  const [task] = await runStatement<{ title: string; description: string; steps: string[] }>(
    ctx,
    `select title, description, array(
       select format('- [%s] %s', case when completed then 'x' else ' ' end, title)
       from tasks.subtask where account_id = $2 and task_id = task.id order by position) as steps
     from tasks.task where account_id = $2 and id = $1`,
    [taskId, accountId],
  );
  return task ? `${task.title}\n${task.description}\nIts subtasks:\n${task.steps.join('\n')}` : null;
}
