import type { BenchUser } from './accounts.js';
import type { World } from './world.js';

/** How much each account has. */
export interface Amounts {
  readonly tasks: number;
  readonly subtasks: number;
}

/**
 * Accounts with tasks, written in an order that scatters each account's over the table, as they are when everybody works
 * at the same time.
 */
export async function populate(
  { pool }: World,
  users: readonly BenchUser[],
  { tasks, subtasks }: Amounts,
): Promise<void> {
  await pool.query('truncate tasks.task, tasks.task_template cascade');
  await pool.query(
    `insert into tasks.task (account_id, id, title, description, priority, due_date, tags, estimated_minutes, created_at, updated_at)
     select account_id, uuidv7(-n * interval '1 minute'), 'Task ' || n, repeat('Some words of a description. ', 4), 'MEDIUM',
       now() + n * interval '1 hour', '{work,home}', 30, date_trunc('milliseconds', now() - n * interval '1 minute'), now()
     from unnest($1::uuid[]) as account (account_id), generate_series(1, $2::int) as n order by random()`,
    [users.map(({ id }) => id), tasks],
  );
  await pool.query(
    `insert into tasks.subtask (account_id, id, task_id, title, position, source, created_at)
     select account_id, uuidv7(), id, 'Step ' || position, position, 'USER', now()
     from (select account_id, id from tasks.task order by random()) as task, generate_series(0, $1::int - 1) as position`,
    [subtasks],
  );
  await pool.query('vacuum analyze tasks.task, tasks.subtask');
}

/** Each of `connections` sends for many users, in an order of its own. */
export function shuffled<Item>(items: readonly Item[], connections: number): Item[][] {
  return Array.from({ length: connections }, () =>
    items
      .map((item) => ({ item, place: Math.random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item),
  );
}
