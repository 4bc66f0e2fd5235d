import 'reflect-metadata';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import type { BenchUser } from './accounts.js';
import { bearer, post, timed } from './load.js';
import { pinEverythingElse } from './pinning.js';
import { atMost, type Figure, percentile, plain, table } from './report.js';
import { startWorld, type World } from './world.js';

/**
 * `npm run bench:large [-- --rows 10000000]`: the p95 of `tasks` for every filter and order at 10,000 rows and at ten
 * million, 200 tasks a user, with the plan of a search. It takes a while and some 10 GB; not part of CI.
 */
const tasksPerUser = 200;
const smallRows = 10_000;
const askedUsers = 40;
const requestsPerQuestion = 400;
const usersPerInsert = 2_500;
const allowed = 1.5;

const { values } = parseArgs({ options: { rows: { type: 'string', default: '10000000' } } });
const largeRows = Number(values.rows);

const filters: Readonly<Record<string, object>> = {
  'no filter': {},
  completed: { completed: true },
  open: { completed: false },
  hidden: { hidden: true },
  archived: { archived: true },
  priority: { priority: ['HIGH', 'LOW'] },
  due: { dueFrom: '2026-01-01T00:00:00Z', dueBefore: '2026-02-01T00:00:00Z' },
  tags: { tags: ['work', 'home'] },
  search: { search: 'needle' },
  'search, not found': { search: 'nowhere to be found' },
};
const orders = ['CREATED_AT', 'UPDATED_AT', 'DUE_DATE', 'PRIORITY', 'TITLE'];
const query = `query($filter: TaskFilter, $orderBy: TaskOrder) { tasks(first: 25, filter: $filter, orderBy: $orderBy) {
  totalCount nodes { id title dueDate priority tags completed version } } }`;

/** What is asked: each filter in the usual order, and each order, both ways, of everything. */
function questions(): [string, object][] {
  const byFilter = Object.entries(filters).map(([name, filter]): [string, object] => [name, { filter }]);
  const byOrder = orders.flatMap((field) =>
    ['ASC', 'DESC'].map((direction): [string, object] => [
      `by ${field} ${direction}`,
      { orderBy: { field, direction } },
    ]),
  );
  return [...byFilter, ...byOrder];
}

/** Tasks of many users at once lie mixed in the table, as they do when everybody works at the same time. */
async function grow(pool: pg.Pool, from: number, to: number): Promise<void> {
  for (let rows = from; rows < to; rows += usersPerInsert * tasksPerUser) {
    const users = Math.min(usersPerInsert, (to - rows) / tasksPerUser);
    await pool.query(
      `with person as (
         insert into auth.user (id, google_subject, email, name, created_at)
         select id, id, 'bench@example.com', 'Bench', now() from (select gen_random_uuid() as id from generate_series(1, $1::int)) as made
         returning id
       ), account as (
         insert into accounts.account (id, kind, plan, created_at) select id, 'PERSON', 'PRO', now() from person returning id)
       insert into tasks.task (id, account_id, title, description, priority, due_date, tags, estimated_minutes, completed, completed_at,
         completed_by, hidden, archived, created_at, updated_at)
       select gen_random_uuid(), account.id, 'Task ' || (n * 7919) % 200 || case when n % 50 = 3 then ' needle' else '' end,
         repeat('Some words of a description. ', 6), (array['LOW', 'MEDIUM', 'HIGH'])[1 + n % 3],
         timestamptz '2026-01-01' + n * interval '7 hours', (array['{work,home}', '{work}', '{}'])[1 + n % 3]::text[], 30,
         n % 2 = 0, case when n % 2 = 0 then now() end, case when n % 2 = 0 then 'MANUAL' end, n % 20 = 0, n % 25 = 0,
         now() - n * interval '1 hour', now() - (n * 31) % 200 * interval '1 hour'
       from generate_series(1, ${tasksPerUser}) as n, account`,
      [users],
    );
  }
  await pool.query('vacuum analyze tasks.task');
  // The disk has done with the growing before anybody is timed.
  await pool.query('checkpoint');
}

async function someUsers(world: World): Promise<BenchUser[]> {
  const { rows } = await world.pool.query<{ id: string }>(
    'select id from auth.user where exists (select from tasks.task where account_id = auth.user.id) order by random() limit $1',
    [askedUsers],
  );
  return Promise.all(rows.map(({ id }) => world.signIn(id)));
}

async function measure(world: World): Promise<Map<string, number>> {
  const users = await someUsers(world);
  const found = new Map<string, number>();
  for (const [name, variables] of questions()) {
    const requests = users.map((user) => post(`${world.productUrl}/graphql`, { query, variables }, bearer(user)));
    // Everybody once for the caches; then what is counted.
    await timed(world.productUrl, requests, requests.length);
    found.set(name, percentile(await timed(world.productUrl, requests, requestsPerQuestion), 0.95));
  }
  return found;
}

/** Once for nothing: a process that has just started, or lost its caches to the growing, is slow. */
async function measureWarm(world: World): Promise<Map<string, number>> {
  await measure(world);
  return measure(world);
}

async function showPlan({ pool }: World): Promise<void> {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `explain (analyze, buffers, costs off) select id, title from tasks.task
     where account_id = (select account_id from tasks.task offset 5000 limit 1) and not hidden and not archived
       and (title ilike '%needle%' or description ilike '%needle%') order by created_at desc, id desc limit 26`,
  );
  console.log(rows.map((row) => row['QUERY PLAN']).join('\n'));
}

pinEverythingElse();
const world = await startWorld();
const figures: Figure[] = [];
try {
  await world.pool.query('truncate accounts.account cascade');
  await grow(world.pool, 0, smallRows);
  const small = await measureWarm(world);
  await grow(world.pool, smallRows, largeRows);
  const large = await measureWarm(world);
  for (const [name, before] of small) {
    const after = large.get(name) ?? Number.NaN;
    figures.push(plain(name, `p95 at ${smallRows.toLocaleString('en')}`, before, 'ms'));
    figures.push(atMost(name, `at ${largeRows.toLocaleString('en')}, times as long`, after / before, '', allowed));
  }
  await showPlan(world);
} finally {
  await world.close();
}
console.log(table(figures));
process.exit(figures.some(({ holds }) => holds === false) ? 1 : 0);
