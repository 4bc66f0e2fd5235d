import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { BenchUser } from './accounts.js';
import { attacks } from './attacks.js';
import { bearer, paced, post, type RawRequest } from './load.js';
import { memory } from './memory.js';
import { atMost, type Figure, percentile, plain } from './report.js';
import { type Product, strictMetricsToken, type World } from './world.js';

const honestUsers = 20;
const attackers = 4;
/** Accounts that come together, and requests that each has under way. */
const [crowdAccounts, crowdRequests] = [24, 6];
const entriesOfLog = 20_000;
/** How long somebody looks at an answer. */
const pauseMs = 110;
/** Requests that one honest account sends: fewer than it may in a minute. */
const requestsPerAccount = 90;
/** Where work is admitted, as much of it as the limits of an account allow. */
const longestP95Ms = 200;
/** Where it is refused; below some milliseconds the machine's own unrest is larger. */
const refusedFactor = 1.5;
const unrestMs = 5;
/** What caches and limits may keep, in megabytes: they have bounds of their own. */
const maxGrowthMb = 64;
const refusalsForMs = 3_000;
const refused: ReadonlySet<string> = new Set(['fragments', 'strangers', 'upgrades']);

const read = '{ me { id } }';
const list = '{ tasks(first: 25) { nodes { id title } } }';
const create = 'mutation { createTask(input: { title: "x" }) { task { id } } }';
const everyday = [read, list, read, read, list, read, create, read, list, read];

/** Each attack for so many seconds, beside 20 honest users on a process as production runs it. */
export function abuse(seconds: number): (world: World) => Promise<Figure[]> {
  return async (world) => {
    const product = await world.strictProduct();
    const figures: Figure[] = [];
    await honest(world, product, Math.min(seconds, 5));
    const calm = percentile(await honest(world, product, seconds), 0.95);
    const before = await memory(product);
    figures.push(plain('abuse', 'honest p95 when all is calm', calm, 'ms'));
    for (const name of Object.keys(attacks)) {
      const users = name === 'crowd' ? await crowd(world) : await attackersOf(world, product);
      const [times, answers] = await Promise.all([
        honest(world, product, seconds),
        attack(product, name, users, seconds * 1_000),
      ]);
      const p95 = percentile(times, 0.95);
      console.log(`abuse: honest p95 ${p95.toFixed(1)} ms; ${name} was answered ${JSON.stringify(answers)}`);
      const bar = refused.has(name) ? Math.max(calm * refusedFactor, calm + unrestMs) : longestP95Ms;
      figures.push(atMost('abuse', `honest p95 beside ${name}`, p95, 'ms', Math.round(bar)));
    }
    await pause(2_000);
    const growth = ((await memory(product)) - before) / 1_048_576;
    figures.push(atMost('abuse', 'memory that is not given back', Math.max(0, growth), 'MB', maxGrowthMb));
    product.kill();
    figures.push(atMost('abuse', 'CPU of refusing a stranger', await refusalMs(world), 'ms', 1));
    return figures;
  };
}

/** What everyday requests took, in milliseconds. @throws when an honest user is refused anything */
async function honest(world: World, { url }: Product, seconds: number): Promise<number[]> {
  const count = Math.ceil((seconds * 1_000) / pauseMs);
  const times = await Promise.all(
    Array.from({ length: honestUsers }, async () => {
      const taken: number[] = [];
      const until = performance.now() + seconds * 1_000;
      // One account after the other, as another person would come.
      for (let sent = 0; sent < count && performance.now() < until; sent += requestsPerAccount) {
        const [user] = await world.users(1);
        const size = Math.min(requestsPerAccount, count - sent);
        taken.push(...(await paced(url, user ? requestsOf(url, user) : [], size, pauseMs)));
      }
      return taken;
    }),
  );
  return times.flat();
}

function requestsOf(url: string, user: BenchUser): RawRequest[] {
  return everyday.map((query) => post(`${url}/graphql`, { query }, bearer(user)));
}

async function crowd(world: World): Promise<BenchUser[]> {
  const users = await world.users(crowdAccounts);
  return users.flatMap((user) => Array.from({ length: crowdRequests }, () => user));
}

/** Each with 45 series whose rule takes longest to look for, and a log of 20,000 entries. */
async function attackersOf(world: World, { url }: Product): Promise<BenchUser[]> {
  const users = await world.users(attackers);
  const rule = 'FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29';
  const query = `mutation { createTaskTemplate(input: { title: "x", rule: "${rule}", timeZone: "UTC" }) { template { id } } }`;
  for (const user of users) {
    await paced(url, [post(`${url}/graphql`, { query }, bearer(user))], 1, 0);
    await world.pool.query(
      `insert into tasks.task_template select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).*
       from tasks.task_template t, generate_series(1, 44) where t.account_id = $1`,
      [user.id],
    );
    await world.pool.query(
      `with made as (
         insert into activity.event (account_id, number, at, type, source, entity_type, entity_id, metadata, request_id)
         select id, head + n, now(), 'task.updated', 'USER', 'task', id, '{}', 'x'
         from accounts.account, generate_series(1, $2) as n where id = $1
       )
       update accounts.account set head = head + $2 where id = $1`,
      [user.id, entriesOfLog],
    );
  }
  return users;
}

/** Server CPU of one request without a valid token, where no address has to wait. */
async function refusalMs(world: World): Promise<number> {
  const product = await world.strictProduct({ STRANGER_RATE_LIMIT_PER_MINUTE: '1000000' });
  const users = await world.users(attackers);
  await attack(product, 'strangers', users, refusalsForMs);
  const before = await cpuSeconds(product);
  const answers = Object.values(await attack(product, 'strangers', users, refusalsForMs));
  const spentMs = ((await cpuSeconds(product)) - before) * 1_000;
  product.kill();
  return spentMs / answers.reduce((sum, count) => sum + count, 0);
}

async function cpuSeconds({ url }: Product): Promise<number> {
  const headers = { authorization: `Bearer ${strictMetricsToken}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}

/** How often each answer came. It yields to who measures: all but the server share one core. */
async function attack(
  { url }: Product,
  name: string,
  users: readonly BenchUser[],
  ms: number,
): Promise<Record<string, number>> {
  const given = JSON.stringify(users.map(({ token }) => ({ url, token })));
  const args = ['-n', '19', process.execPath, 'dist/infra/bench/attacker.js', name, String(ms), given];
  const child = spawn('nice', args, { env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  await once(child, 'close');
  const answers = Answers.parse(JSON.parse(output));
  if (Object.keys(answers).length === 0) throw new Error(`Nobody attacked with ${name}.`);
  return answers;
}

const Answers = z.record(z.string(), z.number());
