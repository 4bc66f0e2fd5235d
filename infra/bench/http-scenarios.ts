import { bearer, post } from './load.js';
import { atLeast, atMost, type Figure, plain } from './report.js';
import { connections, inTurns } from './turns.js';
import type { BenchUser, World } from './world.js';

const tasks = 25;

const readQuery = `{ tasks(first: 25) { totalCount nodes {
  id title description priority dueDate tags estimatedMinutes focusSeconds completed completedAt completedBy hidden archived
  version createdAt updatedAt subtasks { id title completed order } } } }`;
const writeQuery = `mutation($input: CreateTaskInput!) { createTask(input: $input) { task { id version subtasks { id title order } } } }`;

/** 25 tasks with 4 subtasks each and their count, against one statement that returns JSON text. */
export async function benchRead(world: World): Promise<Figure[]> {
  const users = await world.users(connections);
  for (const user of users) await seedTasks(world, user);
  await world.pool.query('vacuum analyze tasks.task, tasks.subtask');
  const requests = (url: string, body: object) => users.map((user) => [post(url, body, bearer(user))]);
  const pair = {
    product: requests(`${world.productUrl}/graphql`, { query: readQuery }),
    limit: requests(`${world.limitUrl}/read`, {}),
    before: async () => undefined,
  };
  const { product, limit, ratio, cpuMs } = await inTurns(world, pair);
  return [
    plain('read', 'limit', limit, 'requests/s'),
    plain('read', 'product', product, 'requests/s'),
    atLeast('read', 'of the limit', ratio, '', 0.75),
    atMost('read', 'server CPU a request', cpuMs, 'ms', 1.0),
  ];
}

/** A task with 2 subtasks. */
export const writeBody = {
  query: writeQuery,
  variables: { input: { title: 'Write the brief', subtasks: [{ title: 'a' }, { title: 'b' }] } },
};

/** `createTask` with 2 subtasks and its event, against the same rows in one hand-written transaction. */
export async function benchWrite(world: World): Promise<Figure[]> {
  const perConnection = 16;
  const users = await world.users(connections * perConnection);
  const requests = (url: string) =>
    Array.from({ length: connections }, (_, index) =>
      users.slice(index * perConnection, (index + 1) * perConnection).map((user) => post(url, writeBody, bearer(user))),
    );
  const pair = {
    product: requests(`${world.productUrl}/graphql`),
    limit: requests(`${world.limitUrl}/write`),
    // Each account may have 200 tasks.
    before: () => world.pool.query('truncate tasks.task cascade'),
  };
  const { product, limit, ratio, cpuMs } = await inTurns(world, pair);
  return [
    plain('write', 'limit', limit, 'requests/s'),
    plain('write', 'product', product, 'requests/s'),
    atLeast('write', 'of the limit', ratio, '', 0.5),
    plain('write', 'server CPU a request', cpuMs, 'ms'),
  ];
}

async function seedTasks({ pool }: World, { id }: BenchUser): Promise<void> {
  await pool.query(
    `with made as (
       insert into tasks.task (id, account_id, title, description, priority, due_date, tags, estimated_minutes, created_at, updated_at)
       select gen_random_uuid(), $1, 'Task ' || n, repeat('Some words of a description. ', 4), 'MEDIUM', now() + n * interval '1 hour',
         '{work,home}', 30, now() - n * interval '1 minute', now() from generate_series(1, $2::int) n returning id)
     insert into tasks.subtask (id, account_id, task_id, title, position, source, created_at)
     select gen_random_uuid(), $1, id, 'Step ' || position, position, 'USER', now() from made, generate_series(0, 3) position`,
    [id, tasks],
  );
}
