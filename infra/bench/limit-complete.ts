import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { dayMs } from '../../src/kernel/days.js';

/** What is asked for: a task, by its id. */
export interface CompleteBody {
  readonly variables: { readonly input: { readonly id: string } };
}

/** An event to be written with the account's next number. */
export interface LoggedEvent {
  readonly type: string;
  readonly entityType: string;
  readonly entityId: string;
}

/** Runs work in a transaction that holds the account's lock, and writes the events that it answers. */
export type InAccount = (
  userId: string,
  now: Date,
  work: (client: PoolClient, head: number) => Promise<readonly LoggedEvent[]>,
) => Promise<void>;

/** Completes a daily task with its subtasks, counts it, tells the user, and makes the next one: each row once, by hand. */
export async function complete(
  inAccount: InAccount,
  userId: string,
  { variables: { input } }: CompleteBody,
): Promise<string> {
  const [nextId, notificationId, now] = [randomUUID(), randomUUID(), new Date()];
  const dueDate = new Date(now.getTime() + dayMs);
  let streak = 0;
  await inAccount(userId, now, async (client, head) => {
    const run = (name: string, text: string, values: unknown[]) => client.query({ name, text, values });
    const { rows: subtasks } = await run(
      'complete-subtasks',
      `update tasks.subtask set completed = true, completed_at = $2
       where account_id = $3 and task_id = $1 and not completed returning id, title, position`,
      [input.id, now, userId],
    );
    const { rows: tasks } = await run(
      'complete-task',
      `update tasks.task set completed = true, completed_at = $2, completed_by = 'FORCE', version = version + 1, newest_version = newest_version + 1,
         updated_at = $2 where account_id = $3 and id = $1 returning title, template_id`,
      [input.id, now, userId],
    );
    const { title, template_id: templateId } = tasks[0];
    await run(
      'contribution',
      `with day as (
         insert into achievements.active_day (user_id, day, at) values ($1, ($3::timestamptz at time zone 'UTC')::date, $3)
         on conflict do nothing)
       insert into achievements.contribution (user_id, kind, entity_id, amount, at) values ($1, 'TASK', $2, 1, $3)`,
      [userId, input.id, now],
    );
    const { rows: progress } = await run(
      'progress',
      `insert into achievements.progress (user_id, current_streak, longest_streak, last_day, tasks_completed, last_at)
       values ($1, 1, 1, $2::date, 1, $2)
       on conflict (user_id) do update set tasks_completed = progress.tasks_completed + 1, last_at = $2
       returning current_streak`,
      [userId, now],
    );
    streak = progress[0].current_streak;
    const completed = subtasks.map(({ id }) => ({ type: 'subtask.completed', entityType: 'subtask', entityId: id }));
    await run(
      'notification',
      `insert into notifications.notification (id, user_id, number, key, type, title, body, action_url, entity_type, entity_id, created_at)
       values ($1, $2, $3, $4, 'TASK_COMPLETED', $5, 'Completed.', '/tasks', 'task', $6, $7)`,
      [notificationId, userId, head + completed.length + 2, `completion ${head}`, title, input.id, now],
    );
    await run(
      'next',
      `with occurrence as (insert into tasks.occurrence (account_id, template_id, rule_number, local_time, due_date, task_id) values ($2, $3, 1, $6, $5, $1)),
       newest as (update tasks.task_template set newest_task_id = $1 where account_id = $2 and id = $3)
       insert into tasks.task (id, account_id, template_id, title, description, priority, due_date, tags, created_at, updated_at)
       values ($1, $2, $3, $4, '', 'MEDIUM', $5, '{}', $7, $7)`,
      [nextId, userId, templateId, title, dueDate, dueDate.toISOString().slice(0, 19), now],
    );
    const next = subtasks.map((subtask) => ({ ...subtask, id: randomUUID() }));
    await run(
      'next-subtasks',
      `insert into tasks.subtask (id, account_id, task_id, title, position, source, created_at)
       select id, $1, $2, title, position, 'USER', $4 from jsonb_to_recordset($3::jsonb) as s(id uuid, title text, position int)`,
      [userId, nextId, JSON.stringify(next), now],
    );
    return [
      ...completed,
      { type: 'task.force_completed', entityType: 'task', entityId: input.id },
      { type: 'notification.created', entityType: 'notification', entityId: notificationId },
      { type: 'task.created', entityType: 'task', entityId: nextId },
    ];
  });
  const task = { id: input.id, version: 2, completed: true, completedBy: 'FORCE' };
  const completeTask = { task, nextInstance: { id: nextId, dueDate }, unlockedAchievements: [], streak };
  return JSON.stringify({ data: { completeTask } });
}
