import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { cpuSecondsOf, databasePids } from './cpu.js';
import { memory } from './memory.js';
import { openLoop } from './open-loop.js';
import { type Outcome, People } from './people.js';
import { pinEverythingElse } from './pinning.js';
import { populate } from './population.js';
import { atLeast, atMost, type Figure, percentile, plain, reportAll } from './report.js';
import { startWorld, type World } from './world.js';

/**
 * `npm run bench:users [-- --users 1000] [--rate 150] [--seconds 30] [--json FILE]`: signed-in users with many tasks, a
 * socket each that follows `changes`, and operations at a rate, as people come: 65 % lists, 25 % writes, 10 % answers.
 * Then the rate rises by a quarter at a time until it breaks (the 95th percentile of what is answered passes 200 ms, or
 * more than 1 % is refused), and doubles: what is refused then must be so soon, and the rest answered. Some 5 minutes.
 */
const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '150' },
    seconds: { type: 'string', default: '30' },
    json: { type: 'string' },
  },
});
const [count, rate, seconds] = [Number(values.users), Number(values.rate), Number(values.seconds)];

/** How much each has: Pro accounts may have 200 tasks, and get some more here. */
const amounts = { tasks: 120, subtasks: 3 };
/** Some 2 s of text. */
const tokensPerAnswer = 100;
const tokensPerSecond = 50;
const coldMs = 5_000;
const stepMs = 8_000;
const overloadMs = 15_000;
const factor = 1.25;
/** Where it breaks. */
const [brokenP95Ms, brokenRefusals] = [200, 0.01];

/** What a rate resulted in. CPU is of the time, 1 is a core. */
interface Measured {
  readonly outcomes: readonly Outcome[];
  readonly goodput: number;
  readonly refused: number;
  readonly p95: number;
  readonly server: number;
  readonly database: number;
  readonly load: number;
}

async function measure(world: World, people: People, perSecond: number, ms: number): Promise<Measured> {
  people.takeOutcomes();
  const cpu = async () =>
    [[world.productPid], await databasePids(world.pool), [process.pid]].map((pids) => cpuSecondsOf(pids));
  const before = await cpu();
  const startedAt = performance.now();
  await openLoop(perSecond, ms, () => people.next());
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  const [server = 0, database = 0, load = 0] = (await cpu()).map(
    (used, at) => (used - (before[at] ?? 0)) / tookSeconds,
  );
  const outcomes = people.takeOutcomes();
  const requests = outcomes.filter(({ kind }) => kind !== 'text' && kind !== 'change');
  const answered = requests.filter(({ code }) => code === 'OK');
  return {
    outcomes,
    goodput: answered.length / (ms / 1_000),
    refused: 1 - answered.length / requests.length,
    p95: percentile(times(answered), 0.95),
    server,
    database,
    load,
  };
}

function times(outcomes: readonly Outcome[], kind?: Outcome['kind']): number[] {
  return outcomes
    .filter((each) => (kind === undefined || each.kind === kind) && each.code === 'OK')
    .map(({ ms }) => ms);
}

/** With what, and how often, some were refused. */
function refusals({ outcomes }: Measured): string {
  const counts = new Map<string, number>();
  for (const { code } of outcomes) if (code !== 'OK') counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, often]) => `${often} ${code}`).join(', ') || 'none';
}

/** The figures of an idle machine that the everyday load must keep to. */
function everyday({ outcomes, server, database, load, refused }: Measured): Figure[] {
  const ofKind = (name: string, kind: Outcome['kind'], bar: number | null) => {
    const taken = times(outcomes, kind);
    const p95 = percentile(taken, 0.95);
    return [
      plain('users', `${name}, p50`, percentile(taken, 0.5), 'ms'),
      bar === null ? plain('users', `${name}, p95`, p95, 'ms') : atMost('users', `${name}, p95`, p95, 'ms', bar),
      plain('users', `${name}, p99`, percentile(taken, 0.99), 'ms'),
    ];
  };
  return [
    ...ofKind('lists', 'list', 9),
    ...ofKind('writes', 'write', 20),
    ...ofKind('first text', 'text', 37),
    ...ofKind('changes heard', 'change', null),
    plain('users', 'server CPU', server, 'cores'),
    plain('users', 'PostgreSQL CPU', database, 'cores'),
    plain('users', 'CPU of the load', load, 'cores'),
    atMost('users', 'refused', refused, '', 0),
  ];
}

/** Raises the rate until it breaks; answers where, and the best goodput on the way. */
async function untilItBreaks(world: World, people: People): Promise<{ rate: number; goodput: number }> {
  let goodput = 0;
  for (let step = rate; ; step *= factor) {
    const measured = await measure(world, people, step, stepMs);
    goodput = Math.max(goodput, measured.goodput);
    console.log(`${Math.round(step)}/s: ${described(measured)}`);
    if (measured.p95 > brokenP95Ms || measured.refused > brokenRefusals) return { rate: step, goodput };
  }
}

function described(measured: Measured): string {
  const { goodput, p95, server, database, load } = measured;
  const cores = [server, database, load].map((each) => each.toFixed(2)).join(' + ');
  return `${Math.round(goodput)}/s answered, p95 ${p95.toFixed(1)} ms; refused: ${refusals(measured)}; CPU of server, PostgreSQL, load ${cores}`;
}

/** Twice as much as it can do. */
async function overload(world: World, people: People, broken: { rate: number; goodput: number }): Promise<Figure[]> {
  const measured = await measure(world, people, broken.rate * 2, overloadMs);
  console.log(`${Math.round(broken.rate * 2)}/s: ${described(measured)}`);
  const refusedMs = measured.outcomes.filter(({ code }) => code === 'UNAVAILABLE').map(({ ms }) => ms);
  return [
    plain('users', 'breaks at', broken.rate, 'operations/s'),
    plain('users', 'best goodput', broken.goodput, 'operations/s'),
    plain('users', 'refused at twice that', measured.refused * 100, '%'),
    plain('users', 'refusals, p95', percentile(refusedMs, 0.95), 'ms'),
    plain('users', 'answered at twice that, p95', measured.p95, 'ms'),
    atLeast('users', 'goodput at twice that, of the best', measured.goodput / broken.goodput, '', 0.8),
    atMost('users', 'never heard', measured.outcomes.filter(({ code }) => code === 'UNHEARD').length, '', 0),
    atLeast('users', 'sockets that still follow', people.following, '', count),
  ];
}

const isPinned = pinEverythingElse();
const world = await startWorld();
const figures: Figure[] = [];
try {
  const users = await world.users(count);
  await populate(world, users, amounts);
  const tokens = Array.from({ length: tokensPerAnswer }, (_, index) => ` token${index % 10}`);
  await world.model({ tokens, tokensPerSecond });
  const before = await memory(world);
  const people = await People.arrive(world, users);
  const cold = await measure(world, people, rate, coldMs);
  figures.push(plain('users', 'the first 5 s, p95', cold.p95, 'ms'));
  figures.push(...everyday(await measure(world, people, rate, seconds * 1_000)));
  const held = ((await memory(world)) - before) / 1_048_576;
  figures.push(plain('users', 'memory of all that, after collection', held, 'MB'));
  figures.push(...(await overload(world, people, await untilItBreaks(world, people))));
  const after = await measure(world, people, rate, stepMs);
  figures.push(atMost('users', 'refused once it is over', after.refused, '', 0));
  people.leave();
} finally {
  await world.close();
}
reportAll(figures, { isPinned, json: values.json });
