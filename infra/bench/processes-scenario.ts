import type { BenchUser } from './accounts.js';
import { cpuSecondsOf, databasePids } from './cpu.js';
import { read, readBody, write, writeBody } from './http-scenarios.js';
import { bearer, load, post } from './load.js';
import { spreadEverythingElse } from './pinning.js';
import { populate, shuffled } from './population.js';
import { atLeast, type Figure, median, plain } from './report.js';
import { connections } from './turns.js';
import type { World } from './world.js';

const rounds = 4;
const roundMs = 2_500;

/** A server that is measured. */
interface Server {
  readonly url: string;
  readonly pid: number;
}

/** Requests a second, and CPU of one of them in milliseconds. */
interface Outcome {
  readonly perSecond: number;
  readonly serverMs: number;
  readonly databaseMs: number;
}

/** One process and two, medians of the rounds; `factor` is the second's rate as a multiple of the first's. */
interface Doubling {
  readonly one: Outcome;
  readonly two: Outcome;
  readonly factor: number;
}

/** What is sent where. */
interface Work {
  readonly users: readonly BenchUser[];
  readonly path: string;
  readonly body: object;
  before(): Promise<void>;
}

/**
 * One process of the API, and two that share a database, the second on the other core. The load and PostgreSQL need CPU
 * too, so two cores cannot give twice as much: how much they give is what the physical limit gains under the same
 * conditions, with nothing that processes could share. What two would do that had their cores to themselves follows from
 * the CPU that a request takes: it is twice as much when that does not grow.
 */
export async function benchProcesses(world: World): Promise<Figure[]> {
  const [product, limit] = [await world.second('product'), await world.second('limit')];
  const products = [{ url: world.productUrl, pid: world.productPid }, product];
  const limits = [{ url: world.limitUrl, pid: world.limitPid }, limit];
  const figures: Figure[] = [];
  const others = await databasePids(world.pool);
  spreadEverythingElse(others, true);
  try {
    const readers = await world.users(read.accounts);
    await populate(world, readers, read);
    const reading = { users: readers, before: async () => undefined };
    figures.push(
      ...figuresOf(
        'read',
        await doubling(world, products, { ...reading, path: '/graphql', body: readBody }),
        await doubling(world, limits, { ...reading, path: '/read', body: {} }),
      ),
    );
    const writers = await world.users(write.accounts);
    const writing = { users: writers, body: writeBody, before: () => populate(world, writers, write) };
    figures.push(
      ...figuresOf(
        'write',
        await doubling(world, products, { ...writing, path: '/graphql' }),
        await doubling(world, limits, { ...writing, path: '/write-at-once' }),
      ),
    );
  } finally {
    spreadEverythingElse(await databasePids(world.pool), false);
    product.kill();
    limit.kill();
  }
  return figures;
}

/** One and two in turns, after each has compiled its code under the whole load. */
async function doubling(world: World, servers: readonly Server[], work: Work): Promise<Doubling> {
  for (const server of [...servers, ...servers]) await measure(world, [server], work);
  const [one, two]: [Outcome[], Outcome[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    one.push(await measure(world, servers.slice(0, 1), work));
    two.push(await measure(world, servers, work));
  }
  const factor = median(two.map(({ perSecond }, round) => perSecond / (one[round]?.perSecond ?? 0)));
  return { one: middle(one), two: middle(two), factor };
}

async function measure(world: World, servers: readonly Server[], work: Work): Promise<Outcome> {
  await work.before();
  const pids = servers.map(({ pid }) => pid);
  const cpu = async () => [cpuSecondsOf(pids), cpuSecondsOf(await databasePids(world.pool))] as const;
  const [server, database] = await cpu();
  const all = await Promise.all(
    servers.map(({ url }, place) => load(url, shareOf(url, work, place, servers), roundMs)),
  );
  const [serverAfter, databaseAfter] = await cpu();
  const requests = all.reduce((sum, each) => sum + each.requests, 0);
  const ofOne = (seconds: number) => (seconds * 1_000) / requests;
  return {
    perSecond: all.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0),
    serverMs: ofOne(serverAfter - server),
    databaseMs: ofOne(databaseAfter - database),
  };
}

/** As many connections for each as leave the sum the same; an account is asked for by one of them. */
function shareOf(url: string, { users, path, body }: Work, place: number, { length: count }: readonly Server[]) {
  const own = connections / count;
  return Array.from({ length: own }, (_, index) => {
    const [order = []] = shuffled(
      users.filter((_user, at) => at % connections === place * own + index),
      1,
    );
    return order.map((user) => post(`${url}${path}`, body, bearer(user)));
  });
}

function middle(all: readonly Outcome[]): Outcome {
  const of = (key: keyof Outcome) => median(all.map((each) => each[key]));
  return { perSecond: of('perSecond'), serverMs: of('serverMs'), databaseMs: of('databaseMs') };
}

function figuresOf(what: string, product: Doubling, limit: Doubling): Figure[] {
  const { one, two, factor } = product;
  const figure = (name: string, value: number, unit: string) => plain('processes', `${what}: ${name}`, value, unit);
  return [
    figure('one process', one.perSecond, 'requests/s'),
    figure('two', two.perSecond, 'requests/s'),
    figure('times as much', factor, ''),
    figure('times as much by the limit, what the machine allows', limit.factor, ''),
    atLeast('processes', `${what}: of what the machine allows`, factor / limit.factor, '', 0.9),
    figure('server CPU, one', one.serverMs, 'ms'),
    figure('server CPU, two', two.serverMs, 'ms'),
    figure('server CPU of the limit, one', limit.one.serverMs, 'ms'),
    figure('server CPU of the limit, two', limit.two.serverMs, 'ms'),
    figure('PostgreSQL CPU, one', one.databaseMs, 'ms'),
    figure('PostgreSQL CPU, two', two.databaseMs, 'ms'),
    atLeast('processes', `${what}: times as much, by CPU of a request`, (2 * one.serverMs) / two.serverMs, '', 1.7),
  ];
}
