import { readFileSync } from 'node:fs';
import type { BenchUser } from './accounts.js';
import { writeBody } from './http-scenarios.js';
import { bearer, load, post } from './load.js';
import { atLeast, type Figure, plain } from './report.js';
import { connections } from './turns.js';
import type { ColdWorld, World } from './world.js';

const accounts = 3_000;
/** Before anything is counted: a process compiles its code first. */
const warmUpMs = 3_000;
const sliceMs = 5_000;
const slices = 6;

/**
 * The first 30 s of an empty database under load: `createTask` with 2 subtasks, from 3,000 accounts. Each 5 s is
 * compared with the same load on the same database once all tables have statistics. It is done by a process that has
 * just started, which compiles its code meanwhile, on the core where it also serves; and by the same process once it has
 * done so, on a database that is made anew: there what is slower is the database's. On a machine that does other things
 * too, look at what PostgreSQL spends on a request.
 */
export async function benchCold(world: World): Promise<Figure[]> {
  const cold = await world.cold();
  const started = await fill(cold);
  await cold.empty();
  const emptied = await fill(cold);
  return [
    ...figuresOf('started', started),
    plain('cold', 'started: slowest 5 s of warm', slowestOfWarm(started), ''),
    ...figuresOf('emptied', emptied),
    atLeast('cold', 'emptied: slowest 5 s of warm', slowestOfWarm(emptied), '', 0.9),
  ];
}

/** What was seen within 5 s. */
interface Slice {
  readonly requestsPerSecond: number;
  /** What PostgreSQL spent on a request. */
  readonly databaseCpuMs: number;
}

/** Slices of an empty database that fills, and one of the full one. */
interface Filling {
  readonly first: readonly Slice[];
  readonly warm: Slice;
}

function slowestOfWarm({ first, warm }: Filling): number {
  return Math.min(...first.map(({ requestsPerSecond }) => requestsPerSecond)) / warm.requestsPerSecond;
}

function figuresOf(what: string, { first, warm }: Filling): Figure[] {
  const named = [...first.map((slice, index) => [`${(index + 1) * 5} s`, slice] as const), ['warm', warm] as const];
  return [
    ...named.map(([name, slice]) => plain('cold', `${what}: ${name}`, slice.requestsPerSecond, 'requests/s')),
    ...named.map(([name, slice]) =>
      plain('cold', `${what}: PostgreSQL CPU a request, ${name}`, slice.databaseCpuMs, 'ms'),
    ),
  ];
}

/** Fills an empty database. */
async function fill(cold: ColdWorld): Promise<Filling> {
  const users = await cold.users(accounts);
  await enter(cold, users);
  const all = users.map((user) => post(`${cold.productUrl}/graphql`, writeBody, bearer(user)));
  const requests = Array.from({ length: connections }, (_, index) => all.filter((_, at) => at % connections === index));
  const slice = async () => {
    const before = await databaseCpuMs(cold);
    const { requests: count, requestsPerSecond } = await load(cold.productUrl, requests, sliceMs);
    return { requestsPerSecond, databaseCpuMs: ((await databaseCpuMs(cold)) - before) / count };
  };
  await load(cold.productUrl, requests, warmUpMs);
  const first: Slice[] = [];
  for (let count = 0; count < slices; count += 1) first.push(await slice());
  await cold.pool.query('vacuum analyze');
  await load(cold.productUrl, requests, warmUpMs);
  return { first, warm: await slice() };
}

/** Everybody's token is seen once: what that takes is no matter of an empty database. */
async function enter({ productUrl }: ColdWorld, users: readonly BenchUser[]): Promise<void> {
  for (const user of users) {
    const response = await fetch(`${productUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(user) },
      body: JSON.stringify({ query: '{ me { id } }' }),
    });
    if (!response.ok) throw new Error(`The first request answered ${response.status}: ${await response.text()}`);
    await response.body?.cancel();
  }
}

/** CPU that PostgreSQL has used, all its processes, those that have ended too; none where the system does not say. */
async function databaseCpuMs({ pool }: ColdWorld): Promise<number> {
  if (process.platform !== 'linux') return Number.NaN;
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const server = statOf(rows[0]?.pid ?? 0).parent;
  const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8').trim().split(' ').map(Number);
  const ended = statOf(server).ofEnded;
  return children.reduce((sum, pid) => sum + statOf(pid).own, ended) * msPerTick;
}

const msPerTick = 10;

/** What /proc says of a process: its parent, and the ticks that it and its ended children have used. */
function statOf(pid: number): { parent: number; own: number; ofEnded: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? [];
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { parent: fields[1] ?? 0, own: user + system, ofEnded: endedUser + endedSystem };
}
