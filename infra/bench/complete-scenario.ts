import { randomUUID } from 'node:crypto';
import { bearer, post } from './load.js';
import type { Figure } from './report.js';
import { connections, figuresOf, inTurns } from './turns.js';
import type { World } from './world.js';

const usersPerConnection = 12;
const tasksPerUser = 40;
const roundMs = 2_000;

const query = `mutation($input: CompleteTaskInput!) { completeTask(input: $input) {
  task { id version completed completedBy } nextInstance { id dueDate } unlockedAchievements { id } streak } }`;

interface Seeded {
  readonly id: string;
  readonly userId: string;
}

/**
 * Completing a recurring task with 4 subtasks: its next instance with theirs, what it counts for, the notification and
 * all events, against the same rows in one hand-written transaction.
 */
export async function benchComplete(world: World): Promise<Figure[]> {
  const users = await world.users(connections * usersPerConnection);
  const tasks = users.map((user) =>
    Array.from({ length: tasksPerUser }, () => ({ id: randomUUID(), userId: user.id, user })),
  );
  const ofConnection = (index: number) =>
    tasks.slice(index * usersPerConnection, (index + 1) * usersPerConnection).flat();
  const requests = (url: string) =>
    Array.from({ length: connections }, (_, index) =>
      ofConnection(index).map(({ id, user }) =>
        post(url, { query, variables: { input: { id, version: 1, force: true } } }, bearer(user)),
      ),
    );
  const outcomes = await inTurns(
    world,
    {
      product: requests(`${world.productUrl}/graphql`),
      limits: [{ name: 'one transaction', requests: requests(`${world.limitUrl}/complete`), bar: 0.7 }],
      before: () => seed(world, tasks.flat()),
    },
    roundMs,
  );
  return figuresOf('complete', outcomes);
}

/**
 * The same tasks, open again. Everybody is in the middle of things: has completed tasks today and before, and has earned
 * what there is to earn by that, so that each completion is like the others.
 */
async function seed({ pool }: World, tasks: readonly Seeded[]): Promise<void> {
  await pool.query(
    'truncate tasks.task, tasks.task_template, notifications.notification, achievements.contribution, achievements.active_day, achievements.progress, achievements.unlocked cascade',
  );
  const ids = [tasks.map(({ id }) => id), tasks.map(({ userId }) => userId)];
  await pool.query(
    `with person as (select distinct unnest($1::uuid[]) as id),
     day as (insert into achievements.active_day (user_id, day, at) select id, (now() at time zone 'UTC')::date, now() from person),
     earned as (
       insert into achievements.unlocked (user_id, achievement, unlocked_at) select id, achievement, now()
       from person, unnest('{streak_3, streak_7, streak_15, streak_30, tasks_5, tasks_10, tasks_25, tasks_50}'::text[]) as achievement)
     insert into achievements.progress (user_id, current_streak, longest_streak, last_day, tasks_completed, last_at)
     select id, 40, 40, (now() at time zone 'UTC')::date, 60, now() from person`,
    [ids[1]],
  );
  // The template has its task's id: there is no need to find it.
  await pool.query(
    `with template as (
       insert into tasks.task_template (id, account_id, title, description, priority, tags, rule, time_zone, starts_at, created_at)
       select id, account_id, 'Water the plants', '', 'MEDIUM', '{}', 'FREQ=DAILY', 'UTC', '2026-01-01T09:00:00', now()
       from unnest($1::uuid[], $2::uuid[]) as made (id, account_id) returning id, account_id),
     step as (
       insert into tasks.template_subtask (id, account_id, template_id, title, position, source)
       select gen_random_uuid(), account_id, id, 'Step ' || position, position, 'USER' from template, generate_series(0, 3) as position),
     task as (
       insert into tasks.task (id, account_id, template_id, title, description, priority, due_date, tags, created_at, updated_at)
       select id, account_id, id, 'Water the plants', '', 'MEDIUM', now(), '{}', now(), now() from template returning id, account_id)
     insert into tasks.subtask (id, account_id, task_id, title, position, source, created_at)
     select gen_random_uuid(), account_id, id, 'Step ' || position, position, 'USER', now()
     from task, generate_series(0, 3) as position`,
    ids,
  );
  await pool.query('vacuum analyze tasks.task, tasks.subtask, tasks.task_template, tasks.template_subtask');
}
