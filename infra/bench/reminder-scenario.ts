import { setTimeout as pause } from 'node:timers/promises';
import { atMost, type Figure, percentile, plain } from './report.js';
import type { World } from './world.js';

const reminders = 10_000;
const remindersPerAccount = 5;
/** What the workers have fired before: they have been running for a while. */
const firedBefore = 2_000;
/** Until they are due. */
const leadMs = 3_000;
/** In the middle of the work. */
const killAfterMs = 1_000;
const maxMs = 60_000;

/** 10,000 reminders of 2,000 accounts that fall due at once, and two workers on one core; then again, and one is killed. */
export async function benchReminders(world: World): Promise<Figure[]> {
  return [...(await measure(world, false)), ...(await measure(world, true))];
}

async function measure(world: World, kills: boolean): Promise<Figure[]> {
  const workers = await Promise.all([world.worker(), world.worker()]);
  const now = new Date();
  await untilAllSent(world, await seed(world, now, firedBefore), now);
  const dueAt = new Date(Date.now() + leadMs);
  const batch = await seed(world, dueAt, reminders);
  await pause(dueAt.getTime() - Date.now() + killAfterMs);
  if (kills) workers[0]?.kill();
  await untilAllSent(world, batch, dueAt);
  for (const worker of workers) worker.kill();
  const { rows } = await world.pool.query<{ entity_id: string; late: number }>(
    `select entity_id, (extract(epoch from at - $2) * 1000)::float as late from activity.event
     where type = 'reminder.sent' and at >= $2 and account_id = any($1::uuid[])`,
    [batch, dueAt],
  );
  const doubled = rows.length - new Set(rows.map((row) => row.entity_id)).size;
  const late = rows.map((row) => row.late);
  const name = kills ? 'reminders, one killed' : 'reminders';
  return [
    plain(name, 'late p50', percentile(late, 0.5), 'ms'),
    atMost(name, 'late p95', percentile(late, 0.95), 'ms', 5_000),
    plain(name, 'late at most', Math.max(...late), 'ms'),
    atMost(name, 'lost or doubled', Math.abs(reminders - rows.length) + doubled, '', 0),
  ];
}

async function seed({ pool }: World, dueAt: Date, count: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `with account as (
       insert into accounts.account (id, kind, created_at)
       select gen_random_uuid(), 'PERSON', now() from generate_series(1, $1::int) returning id)
     insert into auth.user (id, google_subject, email, name, created_at)
     select id, id, 'bench@example.com', 'Bench', now() from account returning id`,
    [count / remindersPerAccount],
  );
  const ids = rows.map(({ id }) => id);
  await pool.query(
    `with task as (
       insert into tasks.task (id, account_id, title, description, priority, tags, created_at, updated_at)
       select gen_random_uuid(), id, 'Write the brief', '', 'MEDIUM', '{}', now(), now() from unnest($1::uuid[]) id
       returning id, account_id)
     insert into tasks.reminder (id, account_id, task_id, type, method, scheduled_for, state, created_at)
     select gen_random_uuid(), account_id, id, 'ABSOLUTE', 'PUSH', $2, 'SCHEDULED', now()
     from task, generate_series(1, $3::int)`,
    [ids, dueAt, remindersPerAccount],
  );
  await pool.query('analyze tasks.reminder, tasks.task');
  return ids;
}

async function untilAllSent({ pool }: World, batch: readonly string[], dueAt: Date): Promise<void> {
  while (Date.now() < dueAt.getTime() + maxMs) {
    const { rows } = await pool.query(
      `select 1 from tasks.reminder where state = 'SCHEDULED' and account_id = any($1::uuid[]) limit 1`,
      [batch],
    );
    if (rows.length === 0) return;
    await pause(250);
  }
}
