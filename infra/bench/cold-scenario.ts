import { readFileSync } from 'node:fs';
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
 * compared with the same load on the same database once all tables have statistics. On a machine that does other things
 * too, look at what PostgreSQL spends on a request.
 */
export async function benchCold(world: World): Promise<Figure[]> {
  const cold = await world.cold();
  const users = await cold.users(accounts);
  const all = users.map((user) => post(`${cold.productUrl}/graphql`, writeBody, bearer(user)));
  const requests = Array.from({ length: connections }, (_, index) => all.filter((_, at) => at % connections === index));
  await load(cold.productUrl, requests, warmUpMs);
  const first: number[] = [];
  const cpuMs: number[] = [];
  const slice = async () => {
    const before = await databaseCpuMs(cold);
    const { requests: count, requestsPerSecond } = await load(cold.productUrl, requests, sliceMs);
    cpuMs.push(((await databaseCpuMs(cold)) - before) / count);
    return requestsPerSecond;
  };
  for (let count = 0; count < slices; count += 1) first.push(await slice());
  await cold.pool.query('vacuum analyze');
  await load(cold.productUrl, requests, warmUpMs);
  const warm = await slice();
  return [
    ...first.map((value, index) => plain('cold', `${(index + 1) * 5} s`, value, 'requests/s')),
    plain('cold', 'warm', warm, 'requests/s'),
    ...cpuMs.map((value, index) =>
      plain('cold', `PostgreSQL CPU a request, ${index < slices ? `${(index + 1) * 5} s` : 'warm'}`, value, 'ms'),
    ),
    atLeast('cold', 'slowest 5 s of warm', Math.min(...first) / warm, '', 0.9),
  ];
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
