import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { BenchUser } from './accounts.js';
import { ask, openSocket, subscribe } from './client.js';
import { atMost, type Figure, percentile } from './report.js';
import type { World } from './world.js';

const rounds = 20;

/** What a stranger would send to keep the server busy. */
const refused = [
  `{ ${Array.from({ length: 10_000 }, (_, index) => `a${index}: me { id }`).join(' ')} }`,
  `{ me { id ${'@include(if: true) '.repeat(1_000)} } }`,
  `{ tasks { nodes { ${'subtasks { task { '.repeat(15)} id ${'} }'.repeat(15)} } } }`,
];
/** Rules that have few dates or none. */
const hostileRules = [
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=DAILY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO',
  'FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-366',
  'FREQ=DAILY;COUNT=1000;BYMONTH=2;BYMONTHDAY=29',
];

/** How soon things happen that somebody waits for, one at a time; what tests only show to happen at all. */
export async function benchBudgets(world: World): Promise<Figure[]> {
  const [user, other] = await world.users(2);
  if (!user || !other) throw new Error('There is nobody.');
  const documents = refused.map((query) => () => ask(world, user, query));
  const rules = hostileRules.map((rule) => () => ask(world, user, preview, { rule }));
  return [
    atMost('budgets', 'a refused document', await worst(documents), 'ms', 100),
    atMost('budgets', 'a hostile rule', await worst(rules), 'ms', 50),
    atMost('budgets', 'a change to its follower p95', await changeLatency(world, user), 'ms', 250),
    atMost('budgets', 'a write beside 50 that wait for a lock', await besideWaiting(world, user, other), 'ms', 250),
    atMost('budgets', 'signing out to the closed socket', await signOutLatency(world), 'ms', 1_000),
  ];
}

const preview = 'query($rule: String!) { previewRecurrence(rule: $rule, timeZone: "UTC") { occurrences } }';
const write = 'mutation { createTask(input: { title: "bench" }) { task { id } } }';

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The slowest of the works, each at the best of three: what else runs on the machine is not its fault. */
async function worst(works: readonly (() => Promise<unknown>)[]): Promise<number> {
  const times: number[] = [];
  for (const work of works) {
    const tries = [await millisecondsOf(work), await millisecondsOf(work), await millisecondsOf(work)];
    times.push(Math.min(...tries));
  }
  return Math.max(...times);
}

/** A socket that has heard of a first change: the subscription stands. */
async function follow(world: World, user: BenchUser): Promise<WebSocket> {
  const socket = await openSocket(world.productUrl, user);
  const cursor = Cursor.parse(await ask(world, user, '{ changes(first: 1) { pageInfo { endCursor } } }'));
  subscribe(socket, '1', 'subscription($after: String) { changes(after: $after) { cursor } }', {
    after: cursor.data.changes.pageInfo.endCursor,
  });
  return socket;
}

const Cursor = z.object({
  data: z.object({ changes: z.object({ pageInfo: z.object({ endCursor: z.string().nullable() }) }) }),
});

async function changeLatency(world: World, user: BenchUser): Promise<number> {
  const socket = await follow(world, user);
  const latencies: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const heard = once(socket, 'message');
    const latency = await millisecondsOf(() => Promise.all([ask(world, user, write), heard]));
    // The first round may bring what was there before.
    if (round > 0) latencies.push(latency);
  }
  socket.terminate();
  return percentile(latencies, 0.95);
}

async function besideWaiting(world: World, busy: BenchUser, other: BenchUser): Promise<number> {
  const holder = await world.pool.connect();
  await holder.query('begin');
  await holder.query('select from accounts.account where id = $1 for update', [busy.id]);
  const waiting = Array.from({ length: 50 }, () => ask(world, busy, write));
  const latency = await worst([() => ask(world, other, write)]);
  await holder.query('rollback');
  holder.release();
  await Promise.all(waiting);
  return latency;
}

async function signOutLatency(world: World): Promise<number> {
  const [user] = await world.users(1);
  if (!user) throw new Error('There is nobody.');
  const socket = await follow(world, user);
  const closed = once(socket, 'close');
  return millisecondsOf(() =>
    Promise.all([ask(world, user, 'mutation { signOutEverywhere { revokedSessions } }'), closed]),
  );
}
